package org.flinkllama.model.kernel;

import java.util.concurrent.TimeUnit;
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

/// Attention of one token's query heads over the pages of a sequence, on one thread.
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

    private final Kernel kernel = new SimdKernel();
    private HeadSlice[] slices;
    private float[][] pages;
    private float[] queries;
    private float[] vectors;

    /// Fills the pages of one layer.
    @Setup
    public void fill() {
        RandomNumbers random = new RandomNumbers();
        int headNumbers = headSize * Kernel.PAGE_POSITIONS;
        slices = new HeadSlice[KEY_VALUE_HEADS];
        for (int head = 0; head < KEY_VALUE_HEADS; head++) {
            slices[head] = new HeadSlice(headSize, head * headNumbers, (KEY_VALUE_HEADS + head) * headNumbers);
        }
        pages = new float[Math.ceilDiv(positions, Kernel.PAGE_POSITIONS)][];
        for (int page = 0; page < pages.length; page++) {
            pages[page] = random.numbers(2 * KEY_VALUE_HEADS * headNumbers);
        }
        queries = random.numbers(HEADS * headSize);
        vectors = new float[queries.length];
    }

    @Benchmark
    public float[] attend() {
        System.arraycopy(queries, 0, vectors, 0, queries.length);
        for (int head = 0; head < HEADS; head++) {
            HeadSlice slice = slices[head * KEY_VALUE_HEADS / HEADS];
            kernel.attend(slice, pages, positions, vectors, head * headSize);
        }
        return vectors;
    }
}
