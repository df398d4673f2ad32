package org.flinkllama.model.llama;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.flinkllama.model.kernel.Kernel;
import org.flinkllama.model.kernel.simd.SimdKernel;

/// Has the Java compiler compile a model's kernels before they are needed: runs small problems of the same kind until
/// they are as fast as compiled code is. Until then a kernel takes a hundred times as long, so that a large model's
/// first step would run a small part of itself, slowly, and wait for the compiler in between. Only the time that steps
/// take depends on it.
///
/// Works on a thread of its own, which ends with it: a second one would take the core that the compiler needs.
final class KernelWarmUp implements AutoCloseable {
    /// Time after which the kernels must do as they are.
    private static final long LONGEST_NANOS = 8_000_000_000L;

    /// Compiled kernels need less for a multiplication, others at least ten times as much.
    private static final double COMPILED_NANOS = 4;

    /// What a call takes beside.
    private static final long CALL_NANOS = 5_000;

    /// Multiplications of a token below which a model is computed about as soon as its kernels are compiled.
    private static final long SMALLEST_MODEL = 1 << 22;

    private final CompletableFuture<Void> end = new CompletableFuture<>();
    private volatile boolean closed;

    /// Begins, where the model is so large that it pays.
    ///
    /// @param stored must stay mapped until the warm-up is closed
    static Optional<KernelWarmUp> begin(LlamaShape shape, LlamaWeights stored) {
        long multiplications = stored.matrices()
                .mapToLong(matrix -> (long) matrix.rows() * matrix.columns())
                .sum();
        return multiplications < SMALLEST_MODEL ? Optional.empty() : Optional.of(new KernelWarmUp(shape, stored));
    }

    private KernelWarmUp(LlamaShape shape, LlamaWeights stored) {
        Thread.ofPlatform().daemon().name("llama-warm-up").start(() -> run(shape, stored));
    }

    /// Waits until all kernels are compiled, or have had their time.
    void await() {
        end.join();
    }

    /// Ends it early.
    @Override
    public void close() {
        closed = true;
        end.join();
    }

    private void run(LlamaShape shape, LlamaWeights stored) {
        try (Arena arena = Arena.ofShared()) {
            computeUntilCompiled(new KernelSamples(shape, stored, arena).samples());
            end.complete(null);
        } catch (Throwable broken) { // must be heard by those who wait
            end.completeExceptionally(broken);
        }
    }

    private void computeUntilCompiled(List<KernelSamples.Sample> samples) {
        Kernel kernel = new SimdKernel();
        List<KernelSamples.Sample> slow = new ArrayList<>(samples);
        long started = System.nanoTime();
        while (!slow.isEmpty() && !closed && System.nanoTime() - started < LONGEST_NANOS) {
            slow.removeIf(sample -> runsCompiled(sample, kernel));
        }
    }

    private static boolean runsCompiled(KernelSamples.Sample sample, Kernel kernel) {
        long started = System.nanoTime();
        sample.work().run(kernel);
        return System.nanoTime() - started < CALL_NANOS + COMPILED_NANOS * sample.multiplications();
    }
}
