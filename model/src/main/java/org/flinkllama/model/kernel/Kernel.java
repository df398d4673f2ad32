package org.flinkllama.model.kernel;

import org.flinkllama.model.tensor.WeightMatrix;

/// The arithmetic of a decoder. An instance belongs to one worker thread: it may keep scratch memory.
///
/// Every sum has one fixed order, so that a value has the same bits in every implementation, at every batch size,
/// chunking and number of threads:
/// - A product of a row and activations is [#PARTIAL_SUMS] partial sums. Column c adds into partial sum c mod 16 by
///   `fma(weight, activation, partial)`, columns in order, where `weight` is the stored number as f32
///   ([org.flinkllama.model.tensor.RowDecoder]). The partial sums are added as a tree: i and i + 8, then i + 4, i +
///   2, i + 1.
/// - Weights of 4 bits, Q4_0 and Q4_K, are multiplied as integers instead
///   ([org.flinkllama.model.kernel.grouped.RowGroups#support]). A token's activations are quantised in blocks of 32
///   columns ([org.flinkllama.model.kernel.grouped.QuantisedBlock]), those of the row are integers with a scale and an
///   offset ([org.flinkllama.model.tensor.NibbleRow]). Blocks in order, the product adds
///   `fma(Σ quant·quant, scale · activationScale, product)` and, for types that have offsets,
///   `fma(offset, activationScale · Σ activationQuant, product)`; sums of integers are exact.
/// - Attention adds the dimensions of a score, and the positions of a value, in order; the softmax's divisor is
///   sixteen partial sums by position mod 16, added as the same tree.
/// - The exponential is [Exponential].
///
/// Activations are row-major `[token][width]`.
public interface Kernel {
    /// Partial sums of every reduction.
    int PARTIAL_SUMS = 16;

    /// Positions of a page of keys and values.
    int PAGE_POSITIONS = 16;

    /// `out[token][row] = Σ weights[row][column] · in[token][column]` for `firstRow ≤ row < endRow` and every token
    /// of `in`.
    void multiply(WeightMatrix weights, int firstRow, int endRow, Activations in, Activations out);

    /// As [#multiply], with the `in` of the last product of this kernel, unchanged since: what was prepared of it can
    /// be used again.
    void multiplyAgain(WeightMatrix weights, int firstRow, int endRow, Activations in, Activations out);

    /// `out[i] = in[i] / √(mean(in²) + epsilon) · scale[i]` for one token.
    void normalise(Activations in, int token, float[] scale, float epsilon, Activations out);

    /// `gate[i] = gate[i] / (1 + exp(−gate[i])) · up[i]` for `first ≤ i < end` of one token: SwiGLU.
    void gate(Activations gate, Activations up, int token, int first, int end);

    /// Attention of the query heads `first ≤ i < end` of those that read `head`, for every token of a run. The result
    /// takes the query's place. Scores are scaled by 1/√(head size).
    ///
    /// @param queries of the step, turned to their positions
    void attend(HeadSlice head, TokenRun run, Activations queries, int first, int end);

    /// `log Σ exp(values[i])` for `offset ≤ i < offset + count`, NaN if one of them is NaN.
    float logSumExp(float[] values, int offset, int count);
}
