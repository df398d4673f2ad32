package org.flinkllama.model.kernel.simd.attention;

import static org.flinkllama.model.kernel.Kernel.PAGE_POSITIONS;

import org.flinkllama.model.kernel.Activations;
import org.flinkllama.model.kernel.HeadSlice;
import org.flinkllama.model.kernel.TokenRun;

/// The queries that read one key-value head together, in order of token, and their scores. Reused from call to call.
final class QueryBlock {
    /// Queries that are computed at once.
    static final int TILE = 4;

    /// The queries' numbers, later the results'.
    float[] vectors = {};

    /// Where each query stands in `vectors`.
    int[] offsets = new int[TILE];

    /// Positions that each query looks at; never fewer than the query before it.
    int[] positions = new int[TILE];

    /// Scores, later weights: `[query][stride]`.
    float[] scores = {};

    int stride;
    int count;

    void take(HeadSlice head, TokenRun run, Activations queries, int first, int end) {
        int heads = end - first;
        count = run.tokens() * heads;
        vectors = queries.values();
        if (offsets.length < count) {
            offsets = new int[count];
            positions = new int[count];
        }
        for (int i = 0; i < count; i++) {
            int token = i / heads;
            int head0 = queries.offset(run.firstToken() + token) + head.queryOffset(queries.width());
            offsets[i] = head0 + (first + i % heads) * head.headSize();
            positions[i] = run.positions(token);
        }
        stride = (pages() + PageChunk.PAGES) / PageChunk.PAGES * PageChunk.PAGES * PAGE_POSITIONS;
        if (scores.length < count * stride) {
            scores = new float[Math.max(count * stride, 2 * scores.length)];
        }
    }

    /// Pages that the last query looks at.
    int pages() {
        return pages(count - 1);
    }

    /// Pages that a query looks at.
    int pages(int query) {
        return (positions[query] + PAGE_POSITIONS - 1) / PAGE_POSITIONS;
    }
}
