package org.flinkllama.model.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;
import org.flinkllama.model.cache.CacheType;
import org.flinkllama.model.kernel.scalar.ScalarKernel;
import org.flinkllama.model.kernel.simd.SimdKernel;
import org.flinkllama.model.tensor.TensorType;
import org.flinkllama.model.tensor.WeightMatrix;

/// Hashes the bits of many kernel results into one number, so that processes with vectors of other widths can be
/// compared.
public final class KernelDigest {
    private final Kernel kernel;
    private final SplittableRandom random = new SplittableRandom(7);
    private long digest = 1;

    private KernelDigest(Kernel kernel) {
        this.kernel = kernel;
    }

    /// Prints the digest of the vector kernel on this JVM.
    public static void main(String[] arguments) {
        System.out.println(new KernelDigest(new SimdKernel()).compute());
    }

    static long ofScalar() {
        return new KernelDigest(new ScalarKernel()).compute();
    }

    private long compute() {
        try (Arena arena = Arena.ofConfined()) {
            for (TensorType type : new TensorType[] {
                TensorType.Q8_0,
                TensorType.F32,
                TensorType.F16,
                TensorType.BF16,
                TensorType.Q4_0,
                TensorType.Q4_K,
                TensorType.Q6_K
            }) {
                for (int tokens : new int[] {1, 4, 7}) {
                    multiply(arena, type, tokens);
                }
            }
        }
        for (CacheType type : CacheType.values()) {
            for (int positions : new int[] {2, 17, 75}) {
                attend(type, positions);
            }
        }
        normaliseAndGate();
        return digest;
    }

    private void multiply(Arena arena, TensorType type, int tokens) {
        int rows = 19;
        int columns = 512;
        MemorySegment data = arena.allocate(rows * type.rowBytes(columns), 64);
        for (long i = 0; i < data.byteSize(); i++) {
            data.set(ValueLayout.JAVA_BYTE, i, (byte) (random.nextInt() & 0x3B));
        }
        Activations out = activations(tokens, rows);
        kernel.multiply(new WeightMatrix("w", type, rows, columns, data), 0, rows, activations(tokens, columns), out);
        add(out.values());
    }

    private void attend(CacheType type, int positions) {
        HeadSlice head = new HeadSlice(0, 0, 1, 40);
        CachePage[] pages = new CachePage[positions / 16 + 1];
        for (int page = 0; page < pages.length; page++) {
            pages[page] = type.newPage(1, 32 * head.headSize());
            for (int position = 0; position < 16; position++) {
                pages[page].write(head, position, numbers(40), numbers(40), 0);
            }
        }
        TokenRun run = new TokenRun();
        run.begin(pages, 0, positions - 2);
        run.extend();
        Activations queries = activations(2, 3 * head.headSize());
        kernel.attend(head, run, queries, 0, 3);
        add(queries.values());
    }

    private void normaliseAndGate() {
        Activations in = activations(3, 90);
        Activations out = activations(3, 90);
        kernel.normalise(in, 2, numbers(90), 1e-6f, out);
        kernel.gate(out, in, 2, 3, 77);
        add(out.values());
        add(new float[] {kernel.logSumExp(in.values(), 1, 200)});
    }

    private Activations activations(int tokens, int width) {
        Activations activations = new Activations(tokens, width);
        activations.use(tokens);
        System.arraycopy(numbers(tokens * width), 0, activations.values(), 0, tokens * width);
        return activations;
    }

    private float[] numbers(int count) {
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = (float) (random.nextDouble() * 4 - 2);
        }
        return numbers;
    }

    private void add(float[] values) {
        for (float value : values) {
            digest = 31 * digest + Float.floatToRawIntBits(value);
        }
    }
}
