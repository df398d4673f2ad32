package org.flinkllama.model.kernel.simd.attention;

import static org.flinkllama.model.kernel.Kernel.PAGE_POSITIONS;
import static org.flinkllama.model.kernel.simd.attention.QueryBlock.TILE;

import jdk.incubator.vector.FloatVector;
import org.flinkllama.model.kernel.simd.vector.Lanes;

/// Scores of keys. Pages behind the last are scored as the last again; nobody reads that.
final class ScoreKernel {
    private final QueryBlock block;

    ScoreKernel(QueryBlock block) {
        this.block = block;
    }

    /// Scores the keys of a chunk with every query that looks at it.
    void score(PageChunk chunk, int headSize) {
        for (int tile = 0; tile < block.count; tile += TILE) {
            int last = block.pages(Math.min(tile + TILE, block.count) - 1) - 1;
            if (chunk.firstPage() <= last) {
                score(chunk, headSize, tile, last);
            }
        }
    }

    private void score(PageChunk chunk, int headSize, int tile, int last) {
        int first = chunk.firstPage();
        float[] page0 = chunk.page(first);
        float[] page1 = chunk.page(first + 1);
        float[] page2 = chunk.page(first + 2);
        float[] page3 = chunk.page(first + 3);
        for (int part = 0; part < PAGE_POSITIONS; part += Lanes.COUNT) {
            int keys = chunk.offset() + part;
            int position = chunk.firstPosition() + part;
            if (tile + 1 == block.count) {
                oneQuery(page0, page1, page2, page3, keys, headSize, tile, position);
            } else if (first == last) {
                fourQueries(page0, keys, headSize, tile, position);
            } else {
                fourQueries(page0, page1, keys, headSize, tile, position);
                if (first + 2 <= last) {
                    fourQueries(page2, page3, keys, headSize, tile, position + 2 * PAGE_POSITIONS);
                }
            }
        }
    }

    private void fourQueries(float[] page0, float[] page1, int keys, int headSize, int tile, int position) {
        float[] vectors = block.vectors;
        int last = block.count - 1;
        int query0 = block.offsets[tile];
        int query1 = block.offsets[tile + 1];
        int query2 = block.offsets[Math.min(tile + 2, last)];
        int query3 = block.offsets[Math.min(tile + 3, last)];
        FloatVector score00 = FloatVector.zero(Lanes.FLOATS);
        FloatVector score01 = score00;
        FloatVector score10 = score00;
        FloatVector score11 = score00;
        FloatVector score20 = score00;
        FloatVector score21 = score00;
        FloatVector score30 = score00;
        FloatVector score31 = score00;
        for (int dimension = 0; dimension < headSize; dimension++) {
            int key = keys + dimension * PAGE_POSITIONS;
            FloatVector key0 = FloatVector.fromArray(Lanes.FLOATS, page0, key);
            FloatVector key1 = FloatVector.fromArray(Lanes.FLOATS, page1, key);
            FloatVector number = FloatVector.broadcast(Lanes.FLOATS, vectors[query0 + dimension]);
            score00 = key0.fma(number, score00);
            score01 = key1.fma(number, score01);
            number = FloatVector.broadcast(Lanes.FLOATS, vectors[query1 + dimension]);
            score10 = key0.fma(number, score10);
            score11 = key1.fma(number, score11);
            number = FloatVector.broadcast(Lanes.FLOATS, vectors[query2 + dimension]);
            score20 = key0.fma(number, score20);
            score21 = key1.fma(number, score21);
            number = FloatVector.broadcast(Lanes.FLOATS, vectors[query3 + dimension]);
            score30 = key0.fma(number, score30);
            score31 = key1.fma(number, score31);
        }
        int row = tile * block.stride + position;
        store(score00, score01, row);
        store(score10, score11, row + block.stride);
        if (tile + 2 <= last) {
            store(score20, score21, row + 2 * block.stride);
        }
        if (tile + 3 <= last) {
            store(score30, score31, row + 3 * block.stride);
        }
    }

    private void store(FloatVector score0, FloatVector score1, int at) {
        score0.intoArray(block.scores, at);
        score1.intoArray(block.scores, at + PAGE_POSITIONS);
    }

    private void fourQueries(float[] page, int keys, int headSize, int tile, int position) {
        float[] vectors = block.vectors;
        int last = block.count - 1;
        int query0 = block.offsets[tile];
        int query1 = block.offsets[tile + 1];
        int query2 = block.offsets[Math.min(tile + 2, last)];
        int query3 = block.offsets[Math.min(tile + 3, last)];
        FloatVector score0 = FloatVector.zero(Lanes.FLOATS);
        FloatVector score1 = score0;
        FloatVector score2 = score0;
        FloatVector score3 = score0;
        for (int dimension = 0; dimension < headSize; dimension++) {
            FloatVector key = FloatVector.fromArray(Lanes.FLOATS, page, keys + dimension * PAGE_POSITIONS);
            score0 = key.fma(FloatVector.broadcast(Lanes.FLOATS, vectors[query0 + dimension]), score0);
            score1 = key.fma(FloatVector.broadcast(Lanes.FLOATS, vectors[query1 + dimension]), score1);
            score2 = key.fma(FloatVector.broadcast(Lanes.FLOATS, vectors[query2 + dimension]), score2);
            score3 = key.fma(FloatVector.broadcast(Lanes.FLOATS, vectors[query3 + dimension]), score3);
        }
        int row = tile * block.stride + position;
        score0.intoArray(block.scores, row);
        score1.intoArray(block.scores, row + block.stride);
        if (tile + 2 <= last) {
            score2.intoArray(block.scores, row + 2 * block.stride);
        }
        if (tile + 3 <= last) {
            score3.intoArray(block.scores, row + 3 * block.stride);
        }
    }

    private void oneQuery(
            float[] page0,
            float[] page1,
            float[] page2,
            float[] page3,
            int keys,
            int headSize,
            int query,
            int position) {
        float[] vectors = block.vectors;
        int offset = block.offsets[query];
        FloatVector score0 = FloatVector.zero(Lanes.FLOATS);
        FloatVector score1 = score0;
        FloatVector score2 = score0;
        FloatVector score3 = score0;
        for (int dimension = 0; dimension < headSize; dimension++) {
            FloatVector number = FloatVector.broadcast(Lanes.FLOATS, vectors[offset + dimension]);
            int key = keys + dimension * PAGE_POSITIONS;
            score0 = FloatVector.fromArray(Lanes.FLOATS, page0, key).fma(number, score0);
            score1 = FloatVector.fromArray(Lanes.FLOATS, page1, key).fma(number, score1);
            score2 = FloatVector.fromArray(Lanes.FLOATS, page2, key).fma(number, score2);
            score3 = FloatVector.fromArray(Lanes.FLOATS, page3, key).fma(number, score3);
        }
        int row = query * block.stride + position;
        score0.intoArray(block.scores, row);
        score1.intoArray(block.scores, row + PAGE_POSITIONS);
        score2.intoArray(block.scores, row + 2 * PAGE_POSITIONS);
        score3.intoArray(block.scores, row + 3 * PAGE_POSITIONS);
    }
}
