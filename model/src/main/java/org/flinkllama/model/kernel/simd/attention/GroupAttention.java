package org.flinkllama.model.kernel.simd.attention;

import static org.flinkllama.model.kernel.Kernel.PAGE_POSITIONS;
import static org.flinkllama.model.kernel.Kernel.PARTIAL_SUMS;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import org.flinkllama.model.kernel.Activations;
import org.flinkllama.model.kernel.HeadSlice;
import org.flinkllama.model.kernel.PartialSums;
import org.flinkllama.model.kernel.TokenRun;
import org.flinkllama.model.kernel.simd.vector.Lanes;

/// Attention of all queries of a call to one key-value head: scores, softmax, weighted values.
public final class GroupAttention {
    private final float[] sums = new float[PARTIAL_SUMS];
    private final QueryBlock block = new QueryBlock();
    private final PageChunk chunk = new PageChunk();
    private final ScoreKernel scoreKernel = new ScoreKernel(block);
    private final ValueKernel valueKernel = new ValueKernel(block);
    private float[] factors = new float[QueryBlock.TILE];

    /// As [org.flinkllama.model.kernel.Kernel#attend] says.
    public void attend(HeadSlice head, TokenRun run, Activations queries, int first, int end) {
        block.take(head, run, queries, first, end);
        int pages = block.pages();
        for (int page = 0; page < pages; page += PageChunk.PAGES) {
            chunk.readKeys(head, run.pages(), page, pages);
            scoreKernel.score(chunk, head.headSize());
        }
        if (factors.length < block.count) {
            factors = new float[block.count];
        }
        float scale = (float) (1 / Math.sqrt(head.headSize()));
        for (int query = 0; query < block.count; query++) {
            factors[query] = 1 / softmax(query, scale);
            int result = block.offsets[query];
            Arrays.fill(block.vectors, result, result + head.headSize(), 0);
        }
        for (int page = 0; page < pages; page += PageChunk.PAGES) {
            chunk.readValues(head, run.pages(), page, pages);
            valueKernel.add(chunk, head.headSize());
        }
        for (int query = 0; query < block.count; query++) {
            int result = block.offsets[query];
            for (int i = result; i < result + head.headSize(); i++) {
                block.vectors[i] *= factors[query];
            }
        }
    }

    /// Turns a query's scores into exponentials and returns their sum.
    private float softmax(int query, float scale) {
        float[] scores = block.scores;
        int begin = query * block.stride;
        int padded = begin + block.pages(query) * PAGE_POSITIONS;
        Arrays.fill(scores, begin + block.positions[query], padded, Float.NEGATIVE_INFINITY);
        FloatVector highest = FloatVector.broadcast(Lanes.FLOATS, Float.NEGATIVE_INFINITY);
        for (int i = begin; i < padded; i += Lanes.COUNT) {
            FloatVector scaled = FloatVector.fromArray(Lanes.FLOATS, scores, i).mul(scale);
            scaled.intoArray(scores, i);
            highest = highest.max(scaled);
        }
        float highestScore = Float.NEGATIVE_INFINITY;
        highest.intoArray(sums, 0);
        for (int lane = 0; lane < Lanes.COUNT; lane++) {
            highestScore = Math.max(highestScore, sums[lane]);
        }
        for (int part = 0; part < PARTIAL_SUMS; part += Lanes.COUNT) {
            FloatVector sum = FloatVector.zero(Lanes.FLOATS);
            for (int i = begin + part; i < padded; i += PAGE_POSITIONS) {
                FloatVector weight = Lanes.exponential(
                        FloatVector.fromArray(Lanes.FLOATS, scores, i).sub(highestScore));
                weight.intoArray(scores, i);
                sum = sum.add(weight);
            }
            sum.intoArray(sums, part);
        }
        return PartialSums.reduce(sums, 0);
    }
}
