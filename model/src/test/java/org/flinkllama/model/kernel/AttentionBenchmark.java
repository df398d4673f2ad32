package org.flinkllama.model.kernel;

import java.util.concurrent.TimeUnit;
import org.flinkllama.model.cache.CacheType;
import org.flinkllama.model.kernel.simd.SimdKernel;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// Attention of the query heads of one token, or of some, over the pages of a sequence, on one thread.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(value = 1, jvmArgsAppend = "-Xmx1g")
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 5, time = 1)
public class AttentionBenchmark {
    private static final int HEADS = 32;
    private static final int KEY_VALUE_HEADS = 8;

    @Param({"64", "128"})
    public int headSize;

    @Param({"16", "256", "2048"})
    public int positions;

    /// Tokens of one sequence that attend together, as in a prefill.
    @Param({"1", "4"})
    public int tokens;

    @Param({"F32", "F16"})
    public CacheType type;

    private final Kernel kernel = new SimdKernel();
    private final TokenRun run = new TokenRun();
    private HeadSlice[] slices;
    private float[] numbers;
    private Activations queries;

    /// Fills the pages of one layer.
    @Setup
    public void fill() {
        RandomNumbers random = new RandomNumbers();
        slices = new HeadSlice[KEY_VALUE_HEADS];
        for (int head = 0; head < KEY_VALUE_HEADS; head++) {
            slices[head] = new HeadSlice(0, head, KEY_VALUE_HEADS, headSize);
        }
        CachePage[] pages = new CachePage[Math.ceilDiv(positions + tokens, Kernel.PAGE_POSITIONS)];
        for (int page = 0; page < pages.length; page++) {
            pages[page] = type.newPage(1, 2 * KEY_VALUE_HEADS * headSize * Kernel.PAGE_POSITIONS);
            for (HeadSlice slice : slices) {
                for (int position = 0; position < Kernel.PAGE_POSITIONS; position++) {
                    pages[page].write(slice, position, random.numbers(headSize), random.numbers(headSize), 0);
                }
            }
        }
        run.begin(pages, 0, positions - 1);
        for (int token = 1; token < tokens; token++) {
            run.extend();
        }
        queries = new Activations(tokens, HEADS * headSize);
        numbers = random.numbers(tokens * HEADS * headSize);
    }

    @Benchmark
    public float[] attend() {
        System.arraycopy(numbers, 0, queries.values(), 0, numbers.length);
        for (HeadSlice slice : slices) {
            kernel.attend(slice, run, queries, 0, HEADS / KEY_VALUE_HEADS);
        }
        return queries.values();
    }
}
