package org.flinkllama.model.kernel.simd;

import static org.flinkllama.model.kernel.Kernel.PAGE_POSITIONS;
import static org.flinkllama.model.kernel.Kernel.PARTIAL_SUMS;

import jdk.incubator.vector.FloatVector;
import org.flinkllama.model.kernel.HeadSlice;
import org.flinkllama.model.kernel.PartialSums;
import org.flinkllama.model.kernel.simd.vector.Lanes;

/// Attention over pages: sixteen positions of a page side by side for scores, dimensions side by side for values.
final class SimdAttention {
    /// Pages that are scored at once.
    private static final int PAGES = 8;

    private final float[] sums = new float[PARTIAL_SUMS];
    private float[] scores = new float[0];

    void attend(HeadSlice head, float[][] pages, int positions, float[] vectors, int offset) {
        int usedPages = (positions + PAGE_POSITIONS - 1) / PAGE_POSITIONS;
        int padded = usedPages * PAGE_POSITIONS;
        int scored = (usedPages + PAGES - 1) / PAGES * PAGES * PAGE_POSITIONS;
        if (scores.length < scored) {
            scores = new float[Math.max(scored, 2 * scores.length)];
        }
        float scale = (float) (1 / Math.sqrt(head.headSize()));
        for (int page = 0; page < usedPages; page += PAGES) {
            score(head, pages, page, usedPages - 1, vectors, offset);
        }
        for (int position = positions; position < padded; position++) {
            scores[position] = Float.NEGATIVE_INFINITY;
        }
        float factor = 1 / softmax(padded, scale);
        int dimension = 0;
        for (; dimension <= head.headSize() - 4 * Lanes.COUNT; dimension += 4 * Lanes.COUNT) {
            fourVectors(head, pages, positions, dimension, factor, vectors, offset);
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

    /// Scores eight pages at once, because each score is one chain of dependent additions. Pages behind the last are
    /// scored as the last again; nobody reads that.
    private void score(HeadSlice head, float[][] pages, int first, int last, float[] vectors, int offset) {
        float[] page0 = pages[first];
        float[] page1 = pages[Math.min(first + 1, last)];
        float[] page2 = pages[Math.min(first + 2, last)];
        float[] page3 = pages[Math.min(first + 3, last)];
        float[] page4 = pages[Math.min(first + 4, last)];
        float[] page5 = pages[Math.min(first + 5, last)];
        float[] page6 = pages[Math.min(first + 6, last)];
        float[] page7 = pages[Math.min(first + 7, last)];
        for (int part = 0; part < PAGE_POSITIONS; part += Lanes.COUNT) {
            int keys = head.keyOffset() + part;
            FloatVector score0 = FloatVector.zero(Lanes.FLOATS);
            FloatVector score1 = score0;
            FloatVector score2 = score0;
            FloatVector score3 = score0;
            FloatVector score4 = score0;
            FloatVector score5 = score0;
            FloatVector score6 = score0;
            FloatVector score7 = score0;
            for (int dimension = 0; dimension < head.headSize(); dimension++) {
                FloatVector query = FloatVector.broadcast(Lanes.FLOATS, vectors[offset + dimension]);
                int key = keys + dimension * PAGE_POSITIONS;
                score0 = FloatVector.fromArray(Lanes.FLOATS, page0, key).fma(query, score0);
                score1 = FloatVector.fromArray(Lanes.FLOATS, page1, key).fma(query, score1);
                score2 = FloatVector.fromArray(Lanes.FLOATS, page2, key).fma(query, score2);
                score3 = FloatVector.fromArray(Lanes.FLOATS, page3, key).fma(query, score3);
                score4 = FloatVector.fromArray(Lanes.FLOATS, page4, key).fma(query, score4);
                score5 = FloatVector.fromArray(Lanes.FLOATS, page5, key).fma(query, score5);
                score6 = FloatVector.fromArray(Lanes.FLOATS, page6, key).fma(query, score6);
                score7 = FloatVector.fromArray(Lanes.FLOATS, page7, key).fma(query, score7);
            }
            int position = first * PAGE_POSITIONS + part;
            score0.intoArray(scores, position);
            score1.intoArray(scores, position + 1 * PAGE_POSITIONS);
            score2.intoArray(scores, position + 2 * PAGE_POSITIONS);
            score3.intoArray(scores, position + 3 * PAGE_POSITIONS);
            score4.intoArray(scores, position + 4 * PAGE_POSITIONS);
            score5.intoArray(scores, position + 5 * PAGE_POSITIONS);
            score6.intoArray(scores, position + 6 * PAGE_POSITIONS);
            score7.intoArray(scores, position + 7 * PAGE_POSITIONS);
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
        highest.intoArray(sums, 0);
        for (int lane = 0; lane < Lanes.COUNT; lane++) {
            highestScore = Math.max(highestScore, sums[lane]);
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

    private void fourVectors(
            HeadSlice head, float[][] pages, int positions, int dimension, float factor, float[] vectors, int offset) {
        FloatVector sum0 = FloatVector.zero(Lanes.FLOATS);
        FloatVector sum1 = sum0;
        FloatVector sum2 = sum0;
        FloatVector sum3 = sum0;
        for (int start = 0; start < positions; start += PAGE_POSITIONS) {
            float[] page = pages[start / PAGE_POSITIONS];
            int values = head.valueOffset() + dimension;
            int count = Math.min(PAGE_POSITIONS, positions - start);
            for (int position = 0; position < count; position++) {
                int value = values + position * head.headSize();
                FloatVector weight = FloatVector.broadcast(Lanes.FLOATS, scores[start + position]);
                sum0 = FloatVector.fromArray(Lanes.FLOATS, page, value).fma(weight, sum0);
                sum1 = FloatVector.fromArray(Lanes.FLOATS, page, value + Lanes.COUNT)
                        .fma(weight, sum1);
                sum2 = FloatVector.fromArray(Lanes.FLOATS, page, value + 2 * Lanes.COUNT)
                        .fma(weight, sum2);
                sum3 = FloatVector.fromArray(Lanes.FLOATS, page, value + 3 * Lanes.COUNT)
                        .fma(weight, sum3);
            }
        }
        sum0.mul(factor).intoArray(vectors, offset + dimension);
        sum1.mul(factor).intoArray(vectors, offset + dimension + Lanes.COUNT);
        sum2.mul(factor).intoArray(vectors, offset + dimension + 2 * Lanes.COUNT);
        sum3.mul(factor).intoArray(vectors, offset + dimension + 3 * Lanes.COUNT);
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
