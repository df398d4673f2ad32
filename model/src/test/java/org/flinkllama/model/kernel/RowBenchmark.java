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

/// What is done to one row of numbers: RMSNorm, SwiGLU, and the logarithm of the sum of exponentials over logits.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(value = 1, jvmArgsAppend = "-Xmx1g")
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
public class RowBenchmark {
    @Param({"2048", "8192", "128256"})
    public int width;

    private final Kernel kernel = new SimdKernel();
    private Activations in;
    private Activations out;
    private Activations gates;
    private float[] scale;

    /// Fills the rows.
    @Setup
    public void fill() {
        RandomNumbers random = new RandomNumbers();
        in = random.activations(1, width);
        out = random.activations(1, width);
        gates = random.activations(1, width);
        scale = random.numbers(width);
    }

    @Benchmark
    public Activations normalise() {
        kernel.normalise(in, 0, scale, 1e-5f, out);
        return out;
    }

    /// Copies the gates first, because they are overwritten.
    @Benchmark
    public Activations gate() {
        System.arraycopy(in.values(), 0, gates.values(), 0, width);
        kernel.gate(gates, out, 0, 0, width);
        return gates;
    }

    @Benchmark
    public float logSumExp() {
        return kernel.logSumExp(in.values(), 0, width);
    }
}
