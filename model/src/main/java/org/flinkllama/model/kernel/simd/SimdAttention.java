package org.flinkllama.model.kernel.simd;

import static org.flinkllama.model.kernel.Kernel.PAGE_POSITIONS;
import static org.flinkllama.model.kernel.Kernel.PARTIAL_SUMS;

import jdk.incubator.vector.FloatVector;
import org.flinkllama.model.kernel.HeadSlice;
import org.flinkllama.model.kernel.PartialSums;

/// Attention over pages: sixteen positions of a page side by side for scores, dimensions side by side for values.
final class SimdAttention {
    private final float[] sums = new float[PARTIAL_SUMS];
    private float[] scores = new float[0];

    void attend(HeadSlice head, float[][] pages, int positions, float[] vectors, int offset) {
        int usedPages = (positions + PAGE_POSITIONS - 1) / PAGE_POSITIONS;
        int padded = usedPages * PAGE_POSITIONS;
        if (scores.length < padded) {
            scores = new float[Math.max(padded, 2 * scores.length)];
        }
        float scale = (float) (1 / Math.sqrt(head.headSize()));
        for (int page = 0; page < usedPages; page++) {
            score(head, pages[page], vectors, offset, page * PAGE_POSITIONS);
        }
        for (int position = positions; position < padded; position++) {
            scores[position] = Float.NEGATIVE_INFINITY;
        }
        float factor = 1 / softmax(padded, scale);
        int dimension = 0;
        for (; dimension <= head.headSize() - 2 * Lanes.COUNT; dimension += 2 * Lanes.COUNT) {
            twoVectors(head, pages, positions, dimension, factor, vectors, offset);
        }
        for (; dimension <= head.headSize() - Lanes.COUNT; dimension += Lanes.COUNT) {
            oneVector(head, pages, positions, dimension, factor, vectors, offset);
        }
        for (; dimension < head.headSize(); dimension++) {
            float sum = 0;
            for (int position = 0; position < positions; position++) {
                int value = head.valueOffset() + position % PAGE_POSITIONS * head.headSize();
                sum = Math.fma(scores[position], pages[position / PAGE_POSITIONS][value + dimension], sum);
            }
            vectors[offset + dimension] = sum * factor;
        }
    }

    private void score(HeadSlice head, float[] page, float[] vectors, int offset, int firstPosition) {
        int headSize = head.headSize();
        int keys = head.keyOffset();
        for (int part = 0; part < PAGE_POSITIONS; part += Lanes.COUNT) {
            FloatVector score = FloatVector.zero(Lanes.FLOATS);
            for (int dimension = 0; dimension < headSize; dimension++) {
                score = FloatVector.fromArray(Lanes.FLOATS, page, keys + part + dimension * PAGE_POSITIONS)
                        .fma(FloatVector.broadcast(Lanes.FLOATS, vectors[offset + dimension]), score);
            }
            score.intoArray(scores, firstPosition + part);
        }
    }

    /// Turns scores into exponentials and returns their sum.
    private float softmax(int padded, float scale) {
        FloatVector highest = FloatVector.broadcast(Lanes.FLOATS, Float.NEGATIVE_INFINITY);
        for (int position = 0; position < padded; position += Lanes.COUNT) {
            FloatVector scaled =
                    FloatVector.fromArray(Lanes.FLOATS, scores, position).mul(scale);
            scaled.intoArray(scores, position);
            highest = highest.max(scaled);
        }
        float highestScore = Float.NEGATIVE_INFINITY;
        for (int lane = 0; lane < Lanes.COUNT; lane++) {
            highestScore = Math.max(highestScore, highest.lane(lane));
        }
        for (int part = 0; part < PARTIAL_SUMS; part += Lanes.COUNT) {
            FloatVector sum = FloatVector.zero(Lanes.FLOATS);
            for (int position = part; position < padded; position += PAGE_POSITIONS) {
                FloatVector weight = Lanes.exponential(
                        FloatVector.fromArray(Lanes.FLOATS, scores, position).sub(highestScore));
                weight.intoArray(scores, position);
                sum = sum.add(weight);
            }
            sum.intoArray(sums, part);
        }
        return PartialSums.reduce(sums, 0);
    }

    private void twoVectors(
            HeadSlice head, float[][] pages, int positions, int dimension, float factor, float[] vectors, int offset) {
        FloatVector first = FloatVector.zero(Lanes.FLOATS);
        FloatVector second = FloatVector.zero(Lanes.FLOATS);
        for (int start = 0; start < positions; start += PAGE_POSITIONS) {
            float[] page = pages[start / PAGE_POSITIONS];
            int value = head.valueOffset() + dimension;
            int end = Math.min(start + PAGE_POSITIONS, positions);
            for (int position = start; position < end; position++) {
                FloatVector weight = FloatVector.broadcast(Lanes.FLOATS, scores[position]);
                first = FloatVector.fromArray(Lanes.FLOATS, page, value).fma(weight, first);
                second = FloatVector.fromArray(Lanes.FLOATS, page, value + Lanes.COUNT)
                        .fma(weight, second);
                value += head.headSize();
            }
        }
        first.mul(factor).intoArray(vectors, offset + dimension);
        second.mul(factor).intoArray(vectors, offset + dimension + Lanes.COUNT);
    }

    private void oneVector(
            HeadSlice head, float[][] pages, int positions, int dimension, float factor, float[] vectors, int offset) {
        FloatVector sum = FloatVector.zero(Lanes.FLOATS);
        for (int start = 0; start < positions; start += PAGE_POSITIONS) {
            float[] page = pages[start / PAGE_POSITIONS];
            int value = head.valueOffset() + dimension;
            int end = Math.min(start + PAGE_POSITIONS, positions);
            for (int position = start; position < end; position++) {
                sum = FloatVector.fromArray(Lanes.FLOATS, page, value)
                        .fma(FloatVector.broadcast(Lanes.FLOATS, scores[position]), sum);
                value += head.headSize();
            }
        }
        sum.mul(factor).intoArray(vectors, offset + dimension);
    }
}
