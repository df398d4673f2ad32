package org.flinkllama.model.kernel.simd.attention;

import static org.flinkllama.model.kernel.Kernel.PAGE_POSITIONS;
import static org.flinkllama.model.kernel.simd.attention.QueryBlock.TILE;

import jdk.incubator.vector.FloatVector;
import org.flinkllama.model.kernel.simd.vector.Lanes;

/// Adds values, weighted by the queries' weights, to the queries' results. What only some queries of a tile
/// look at is added to each alone: behind its last position may stand anything.
final class ValueKernel {
    private final QueryBlock block;

    ValueKernel(QueryBlock block) {
        this.block = block;
    }

    /// Adds the values of a chunk to every query that looks at them.
    void add(PageChunk chunk, int headSize) {
        int start = chunk.firstPosition();
        int end = chunk.endPosition();
        for (int tile = 0; tile < block.count; tile += TILE) {
            int together = tile + 1 == block.count ? start : Math.min(end, block.positions[tile]);
            fourQueries(chunk, headSize, together, tile);
            for (int query = tile; query < Math.min(tile + TILE, block.count); query++) {
                oneQuery(chunk, headSize, Math.max(start, together), Math.min(end, block.positions[query]), query);
            }
        }
    }

    private void fourQueries(PageChunk chunk, int headSize, int end, int tile) {
        int dimension = 0;
        for (; dimension <= headSize - 2 * Lanes.COUNT; dimension += 2 * Lanes.COUNT) {
            for (int from = chunk.firstPosition(); from < end; from += PAGE_POSITIONS) {
                float[] page = chunk.page(from / PAGE_POSITIONS);
                int to = Math.min(from + PAGE_POSITIONS, end);
                fourQueries(page, chunk.offset() + dimension, headSize, from, to, tile, dimension);
            }
        }
        if (dimension < headSize) {
            for (int query = tile; query < Math.min(tile + TILE, block.count); query++) {
                rest(chunk, headSize, chunk.firstPosition(), end, query, dimension);
            }
        }
    }

    private void fourQueries(float[] page, int values, int headSize, int from, int to, int tile, int dimension) {
        float[] vectors = block.vectors;
        float[] weights = block.scores;
        int last = block.count - 1;
        int query1 = tile + 1;
        int query2 = Math.min(tile + 2, last);
        int query3 = Math.min(tile + 3, last);
        int weight0 = tile * block.stride;
        int weight1 = query1 * block.stride;
        int weight2 = query2 * block.stride;
        int weight3 = query3 * block.stride;
        int sum0 = block.offsets[tile] + dimension;
        int sum1 = block.offsets[query1] + dimension;
        int sum2 = block.offsets[query2] + dimension;
        int sum3 = block.offsets[query3] + dimension;
        FloatVector sum00 = FloatVector.fromArray(Lanes.FLOATS, vectors, sum0);
        FloatVector sum01 = FloatVector.fromArray(Lanes.FLOATS, vectors, sum0 + Lanes.COUNT);
        FloatVector sum10 = FloatVector.fromArray(Lanes.FLOATS, vectors, sum1);
        FloatVector sum11 = FloatVector.fromArray(Lanes.FLOATS, vectors, sum1 + Lanes.COUNT);
        FloatVector sum20 = FloatVector.fromArray(Lanes.FLOATS, vectors, sum2);
        FloatVector sum21 = FloatVector.fromArray(Lanes.FLOATS, vectors, sum2 + Lanes.COUNT);
        FloatVector sum30 = FloatVector.fromArray(Lanes.FLOATS, vectors, sum3);
        FloatVector sum31 = FloatVector.fromArray(Lanes.FLOATS, vectors, sum3 + Lanes.COUNT);
        int value = values;
        for (int position = from; position < to; position++) {
            FloatVector value0 = FloatVector.fromArray(Lanes.FLOATS, page, value);
            FloatVector value1 = FloatVector.fromArray(Lanes.FLOATS, page, value + Lanes.COUNT);
            FloatVector weight = FloatVector.broadcast(Lanes.FLOATS, weights[weight0 + position]);
            sum00 = value0.fma(weight, sum00);
            sum01 = value1.fma(weight, sum01);
            weight = FloatVector.broadcast(Lanes.FLOATS, weights[weight1 + position]);
            sum10 = value0.fma(weight, sum10);
            sum11 = value1.fma(weight, sum11);
            weight = FloatVector.broadcast(Lanes.FLOATS, weights[weight2 + position]);
            sum20 = value0.fma(weight, sum20);
            sum21 = value1.fma(weight, sum21);
            weight = FloatVector.broadcast(Lanes.FLOATS, weights[weight3 + position]);
            sum30 = value0.fma(weight, sum30);
            sum31 = value1.fma(weight, sum31);
            value += headSize;
        }
        sum00.intoArray(vectors, sum0);
        sum01.intoArray(vectors, sum0 + Lanes.COUNT);
        sum10.intoArray(vectors, sum1);
        sum11.intoArray(vectors, sum1 + Lanes.COUNT);
        sum20.intoArray(vectors, sum2);
        sum21.intoArray(vectors, sum2 + Lanes.COUNT);
        sum30.intoArray(vectors, sum3);
        sum31.intoArray(vectors, sum3 + Lanes.COUNT);
    }

    private void oneQuery(PageChunk chunk, int headSize, int start, int end, int query) {
        int dimension = 0;
        for (; dimension <= headSize - 4 * Lanes.COUNT; dimension += 4 * Lanes.COUNT) {
            for (int from = start; from < end; from = pageEnd(from)) {
                float[] page = chunk.page(from / PAGE_POSITIONS);
                int value = chunk.offset() + from % PAGE_POSITIONS * headSize + dimension;
                oneQuery(page, value, headSize, from, Math.min(pageEnd(from), end), query, dimension);
            }
        }
        rest(chunk, headSize, start, end, query, dimension);
    }

    private static int pageEnd(int position) {
        return (position / PAGE_POSITIONS + 1) * PAGE_POSITIONS;
    }

    private void oneQuery(float[] page, int values, int headSize, int from, int to, int query, int dimension) {
        float[] vectors = block.vectors;
        float[] weights = block.scores;
        int weight = query * block.stride;
        int sum = block.offsets[query] + dimension;
        FloatVector sum0 = FloatVector.fromArray(Lanes.FLOATS, vectors, sum);
        FloatVector sum1 = FloatVector.fromArray(Lanes.FLOATS, vectors, sum + Lanes.COUNT);
        FloatVector sum2 = FloatVector.fromArray(Lanes.FLOATS, vectors, sum + 2 * Lanes.COUNT);
        FloatVector sum3 = FloatVector.fromArray(Lanes.FLOATS, vectors, sum + 3 * Lanes.COUNT);
        int value = values;
        for (int position = from; position < to; position++) {
            FloatVector factor = FloatVector.broadcast(Lanes.FLOATS, weights[weight + position]);
            sum0 = FloatVector.fromArray(Lanes.FLOATS, page, value).fma(factor, sum0);
            sum1 = FloatVector.fromArray(Lanes.FLOATS, page, value + Lanes.COUNT)
                    .fma(factor, sum1);
            sum2 = FloatVector.fromArray(Lanes.FLOATS, page, value + 2 * Lanes.COUNT)
                    .fma(factor, sum2);
            sum3 = FloatVector.fromArray(Lanes.FLOATS, page, value + 3 * Lanes.COUNT)
                    .fma(factor, sum3);
            value += headSize;
        }
        sum0.intoArray(vectors, sum);
        sum1.intoArray(vectors, sum + Lanes.COUNT);
        sum2.intoArray(vectors, sum + 2 * Lanes.COUNT);
        sum3.intoArray(vectors, sum + 3 * Lanes.COUNT);
    }

    /// The dimensions from `first` on, one vector at a time, then one number at a time.
    private void rest(PageChunk chunk, int headSize, int start, int end, int query, int first) {
        int dimension = first;
        for (; dimension <= headSize - Lanes.COUNT; dimension += Lanes.COUNT) {
            oneVector(chunk, headSize, start, end, query, dimension);
        }
        int weight = query * block.stride;
        for (; dimension < headSize; dimension++) {
            float sum = block.vectors[block.offsets[query] + dimension];
            for (int position = start; position < end; position++) {
                int value = chunk.offset() + position % PAGE_POSITIONS * headSize + dimension;
                sum = Math.fma(block.scores[weight + position], chunk.page(position / PAGE_POSITIONS)[value], sum);
            }
            block.vectors[block.offsets[query] + dimension] = sum;
        }
    }

    private void oneVector(PageChunk chunk, int headSize, int start, int end, int query, int dimension) {
        float[] weights = block.scores;
        int weight = query * block.stride;
        int at = block.offsets[query] + dimension;
        FloatVector sum = FloatVector.fromArray(Lanes.FLOATS, block.vectors, at);
        for (int from = start; from < end; from = pageEnd(from)) {
            float[] page = chunk.page(from / PAGE_POSITIONS);
            int value = chunk.offset() + from % PAGE_POSITIONS * headSize + dimension;
            int to = Math.min(pageEnd(from), end);
            for (int position = from; position < to; position++) {
                sum = FloatVector.fromArray(Lanes.FLOATS, page, value)
                        .fma(FloatVector.broadcast(Lanes.FLOATS, weights[weight + position]), sum);
                value += headSize;
            }
        }
        sum.intoArray(block.vectors, at);
    }
}
