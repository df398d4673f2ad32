package org.flinkllama.model.kernel;

import java.lang.foreign.Arena;
import java.util.concurrent.TimeUnit;
import org.flinkllama.model.kernel.simd.SimdKernel;
import org.flinkllama.model.tensor.TensorType;
import org.flinkllama.model.tensor.WeightMatrix;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// Products of matrices as a decoder computes them, on one thread. Reports operations, floating point operations and
/// bytes of weights per nanosecond: the latter two are GFLOP/s and GB/s.
///
/// One operation multiplies one matrix, and the next takes another: all together are bigger than a cache, as the
/// layers of a model are.
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 1, jvmArgsAppend = "-Xmx1g")
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 5, time = 1)
public class MultiplyBenchmark {
    private static final long TOTAL_BYTES = 192L << 20;

    @Param({"Q8_0", "Q4_0", "Q4_K", "Q6_K", "F16", "BF16"})
    public TensorType type;

    @Param({"1", "4", "8", "32", "128"})
    public int tokens;

    @Param("2048")
    public int rows;

    @Param("2048")
    public int columns;

    private final Kernel kernel = new SimdKernel();
    private final Arena arena = Arena.ofConfined();
    private WeightMatrix[] matrices;
    private Activations in;
    private Activations out;
    private int next;

    /// What a second of work amounts to.
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.OPERATIONS)
    public static class Work {
        public long flops;
        public long weightBytes;

        /// Counters are those of an iteration.
        @Setup(Level.Iteration)
        public void reset() {
            flops = 0;
            weightBytes = 0;
        }
    }

    /// Makes matrices and activations.
    @Setup
    public void open() {
        RandomNumbers random = new RandomNumbers();
        matrices = new WeightMatrix[(int) Math.ceilDiv(TOTAL_BYTES, rows * type.rowBytes(columns))];
        for (int matrix = 0; matrix < matrices.length; matrix++) {
            matrices[matrix] = random.weights(arena, type, rows, columns);
        }
        in = random.activations(tokens, columns);
        out = random.activations(tokens, rows);
    }

    @TearDown
    public void close() {
        arena.close();
    }

    @Benchmark
    public Activations multiply(Work work) {
        WeightMatrix weights = matrices[next];
        next = (next + 1) % matrices.length;
        kernel.multiply(weights, 0, rows, in, out);
        work.flops += 2L * rows * columns * tokens;
        work.weightBytes += weights.data().byteSize();
        return out;
    }
}
