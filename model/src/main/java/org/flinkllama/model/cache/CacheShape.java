package org.flinkllama.model.cache;

import org.flinkllama.model.kernel.HeadSlice;
import org.flinkllama.model.kernel.Kernel;

/// What a page holds: for every layer the keys, then the values, of every key-value head.
///
/// @param layers   layers of the decoder
/// @param heads    key-value heads of a layer
/// @param headSize dimensions of a head
public record CacheShape(int layers, int heads, int headSize) {
    /// Numbers of one position: keys and values of all layers.
    public int numbersPerPosition() {
        return Math.multiplyExact(2 * layers, Math.multiplyExact(heads, headSize));
    }

    /// Numbers of one page.
    public int numbersPerPage() {
        return Math.multiplyExact(numbersPerPosition(), Kernel.PAGE_POSITIONS);
    }

    /// Pages that `positions` positions take.
    public static int pages(int positions) {
        return Math.ceilDiv(positions, Kernel.PAGE_POSITIONS);
    }

    /// Where a head of a layer stands in a page.
    public HeadSlice slice(int layer, int head) {
        int headNumbers = headSize * Kernel.PAGE_POSITIONS;
        int keys = 2 * layer * heads * headNumbers;
        int values = keys + heads * headNumbers;
        return new HeadSlice(headSize, keys + head * headNumbers, values + head * headNumbers);
    }
}
