package org.flinkllama.model.kernel.scalar;

import java.util.Arrays;
import org.flinkllama.model.kernel.Activations;
import org.flinkllama.model.kernel.CachePage;
import org.flinkllama.model.kernel.Exponential;
import org.flinkllama.model.kernel.HeadSlice;
import org.flinkllama.model.kernel.Kernel;
import org.flinkllama.model.kernel.PartialSums;
import org.flinkllama.model.kernel.TokenRun;
import org.flinkllama.model.kernel.grouped.RowGroups;
import org.flinkllama.model.tensor.RowDecoder;
import org.flinkllama.model.tensor.WeightMatrix;

/// [Kernel] as it is specified.
public final class ScalarKernel implements Kernel {
    private final float[] sums = new float[PARTIAL_SUMS];
    private float[] row = new float[0];
    private float[] scores = new float[0];

    @Override
    public void multiply(WeightMatrix weights, int firstRow, int endRow, Activations in, Activations out) {
        if (RowGroups.support(weights.type())) {
            IntegerProducts.multiply(weights, firstRow, endRow, in, out);
            return;
        }
        if (row.length < weights.columns()) {
            row = new float[weights.columns()];
        }
        for (int r = firstRow; r < endRow; r++) {
            RowDecoder.decode(weights, r, row, 0);
            for (int token = 0; token < in.tokens(); token++) {
                out.values()[out.offset(token) + r] = dot(row, in.values(), in.offset(token), weights.columns());
            }
        }
    }

    @Override
    public void multiplyAgain(WeightMatrix weights, int firstRow, int endRow, Activations in, Activations out) {
        multiply(weights, firstRow, endRow, in, out);
    }

    private float dot(float[] weights, float[] in, int offset, int columns) {
        Arrays.fill(sums, 0);
        for (int column = 0; column < columns; column++) {
            int partial = column % PARTIAL_SUMS;
            sums[partial] = Math.fma(weights[column], in[offset + column], sums[partial]);
        }
        return PartialSums.reduce(sums, 0);
    }

    @Override
    public void normalise(Activations in, int token, float[] scale, float epsilon, Activations out) {
        int width = in.width();
        int offset = in.offset(token);
        float[] values = in.values();
        Arrays.fill(sums, 0);
        for (int i = 0; i < width; i++) {
            float value = values[offset + i];
            sums[i % PARTIAL_SUMS] = Math.fma(value, value, sums[i % PARTIAL_SUMS]);
        }
        float factor = (float) (1 / Math.sqrt(PartialSums.reduce(sums, 0) / width + epsilon));
        for (int i = 0; i < width; i++) {
            out.values()[out.offset(token) + i] = values[offset + i] * factor * scale[i];
        }
    }

    @Override
    public void gate(Activations gate, Activations up, int token, int first, int end) {
        int offset = gate.offset(token);
        for (int i = offset + first; i < offset + end; i++) {
            float value = gate.values()[i];
            gate.values()[i] = value / (1 + Exponential.of(-value)) * up.values()[i];
        }
    }

    @Override
    public void attend(HeadSlice head, TokenRun run, Activations queries, int first, int end) {
        for (int token = 0; token < run.tokens(); token++) {
            int offset = queries.offset(run.firstToken() + token) + head.queryOffset(queries.width());
            for (int query = first; query < end; query++) {
                attend(head, run.pages(), run.positions(token), queries.values(), offset + query * head.headSize());
            }
        }
    }

    private void attend(HeadSlice head, CachePage[] pages, int positions, float[] vectors, int offset) {
        if (scores.length < positions) {
            scores = new float[positions];
        }
        float scale = (float) (1 / Math.sqrt(head.headSize()));
        float highest = Float.NEGATIVE_INFINITY;
        for (int position = 0; position < positions; position++) {
            CachePage page = pages[position / PAGE_POSITIONS];
            int key = head.keyOffset() + position % PAGE_POSITIONS;
            float score = 0;
            for (int dimension = 0; dimension < head.headSize(); dimension++) {
                float number = page.number(head.layer(), key + dimension * PAGE_POSITIONS);
                score = Math.fma(vectors[offset + dimension], number, score);
            }
            scores[position] = score * scale;
            highest = Math.max(highest, scores[position]);
        }
        Arrays.fill(sums, 0);
        for (int position = 0; position < positions; position++) {
            scores[position] = Exponential.of(scores[position] - highest);
            sums[position % PARTIAL_SUMS] += scores[position];
        }
        float factor = 1 / PartialSums.reduce(sums, 0);
        for (int dimension = 0; dimension < head.headSize(); dimension++) {
            float sum = 0;
            for (int position = 0; position < positions; position++) {
                int value = head.valueOffset() + position % PAGE_POSITIONS * head.headSize();
                float number = pages[position / PAGE_POSITIONS].number(head.layer(), value + dimension);
                sum = Math.fma(scores[position], number, sum);
            }
            vectors[offset + dimension] = sum * factor;
        }
    }

    @Override
    public float logSumExp(float[] values, int offset, int count) {
        float highest = Float.NEGATIVE_INFINITY;
        for (int i = offset; i < offset + count; i++) {
            highest = Math.max(highest, values[i]);
        }
        Arrays.fill(sums, 0);
        for (int i = 0; i < count; i++) {
            sums[i % PARTIAL_SUMS] += Exponential.of(values[offset + i] - highest);
        }
        return highest + (float) StrictMath.log(PartialSums.reduce(sums, 0));
    }
}
