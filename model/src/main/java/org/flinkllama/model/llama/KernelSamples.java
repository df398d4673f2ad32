package org.flinkllama.model.llama;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.flinkllama.model.cache.CacheShape;
import org.flinkllama.model.cache.PagePool;
import org.flinkllama.model.cache.PageTable;
import org.flinkllama.model.kernel.Activations;
import org.flinkllama.model.kernel.HeadSlice;
import org.flinkllama.model.kernel.Kernel;
import org.flinkllama.model.kernel.TokenRun;
import org.flinkllama.model.tensor.TensorType;
import org.flinkllama.model.tensor.WeightMatrix;

/// Small problems that run the same code as a model's decoder: of each type of tensor a corner of a matrix of the
/// model, times one, few and many tokens; attention, normalisation and activation of short vectors.
final class KernelSamples {
    private static final int ROWS = 64;

    /// Columns of a corner: whole blocks of every type, and enough of them that the compiler takes the loop over them
    /// for one that goes round often.
    private static final int COLUMNS = 768;

    private static final int BLOCK_COLUMNS = 256;

    /// Tokens of a short prompt, of a generation and of a long prompt.
    private static final int[] TOKENS = {4, 1, 64};

    private static final int POSITIONS = 72;

    private final List<Sample> samples = new ArrayList<>();

    /// @param arena holds what is repacked
    KernelSamples(LlamaShape shape, LlamaWeights weights, Arena arena) {
        RepackedWeights repacked = new RepackedWeights(arena);
        Map<TensorType, WeightMatrix> corners = new EnumMap<>(TensorType.class);
        weights.matrices().forEach(matrix -> corners.computeIfAbsent(matrix.type(), type -> corner(matrix)));
        for (int tokens : TOKENS) {
            for (WeightMatrix corner : corners.values()) {
                samples.add(product(repacked.of(corner), tokens));
            }
            samples.add(attention(shape, tokens));
        }
        samples.add(normalisation(shape.epsilon()));
        samples.add(gate());
    }

    /// @param multiplications of it, roughly
    record Sample(Work work, long multiplications) {}

    /// What a sample computes; its result is of no use.
    interface Work {
        void run(Kernel kernel);
    }

    List<Sample> samples() {
        return List.copyOf(samples);
    }

    /// The first blocks of a matrix as a matrix of their own, in the same memory.
    private static WeightMatrix corner(WeightMatrix matrix) {
        int columns = Math.min(COLUMNS, matrix.columns());
        if (columns >= BLOCK_COLUMNS) {
            columns -= columns % BLOCK_COLUMNS;
        }
        int rows = Math.min(ROWS, matrix.rows());
        return new WeightMatrix(
                matrix.name(),
                matrix.type(),
                rows,
                columns,
                matrix.data().asSlice(0, rows * matrix.type().rowBytes(columns)));
    }

    private static Sample product(WeightMatrix matrix, int tokens) {
        Activations in = activations(tokens, matrix.columns());
        Activations out = activations(tokens, matrix.rows());
        return new Sample(
                kernel -> kernel.multiply(matrix, 0, matrix.rows(), in, out),
                (long) tokens * matrix.rows() * matrix.columns());
    }

    /// Attention of the last tokens of a sequence.
    private static Sample attention(LlamaShape shape, int tokens) {
        CacheShape head = new CacheShape(1, 1, shape.headSize());
        PageTable pages = new PageTable(new PagePool(head, CacheShape.pages(POSITIONS)));
        pages.reserve(POSITIONS);
        int queries = shape.heads() / shape.keyValueHeads();
        HeadSlice slice = head.slice(0, 0);
        TokenRun run = new TokenRun();
        run.begin(pages.pages(), 0, POSITIONS - tokens);
        for (int token = 1; token < tokens; token++) {
            run.extend();
        }
        Activations query = activations(tokens, queries * shape.headSize());
        return new Sample(kernel -> kernel.attend(slice, run, query, 0, queries), 2 * run.attended() * query.width());
    }

    private static Sample normalisation(float epsilon) {
        Activations values = activations(1, COLUMNS);
        float[] scale = new float[COLUMNS];
        return new Sample(kernel -> kernel.normalise(values, 0, scale, epsilon, values), 2 * COLUMNS);
    }

    private static Sample gate() {
        Activations gate = activations(1, COLUMNS);
        Activations up = activations(1, COLUMNS);
        return new Sample(kernel -> kernel.gate(gate, up, 0, 0, COLUMNS), 8 * COLUMNS);
    }

    private static Activations activations(int tokens, int width) {
        Activations activations = new Activations(tokens, width);
        activations.use(tokens);
        return activations;
    }
}
