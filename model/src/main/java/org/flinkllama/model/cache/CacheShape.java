package org.flinkllama.model.cache;

import org.flinkllama.model.kernel.CachePage;
import org.flinkllama.model.kernel.HeadSlice;
import org.flinkllama.model.kernel.Kernel;

/// What a page holds: for every layer the keys and values of every key-value head.
///
/// @param layers   layers of the decoder
/// @param heads    key-value heads of a layer
/// @param headSize dimensions of a head
public record CacheShape(int layers, int heads, int headSize) {
    /// Bytes of one position: keys and values of all layers.
    public long bytesPerPosition(CacheType type) {
        return 2L * layers * heads * headSize * type.bytes();
    }

    /// Numbers of one layer of a page.
    public int numbersPerLayer() {
        return Math.multiplyExact(2 * Kernel.PAGE_POSITIONS, Math.multiplyExact(heads, headSize));
    }

    /// Pages that `positions` positions take.
    public static int pages(int positions) {
        return Math.ceilDiv(positions, Kernel.PAGE_POSITIONS);
    }

    /// Where a head of a layer stands in a page.
    public HeadSlice slice(int layer, int head) {
        return new HeadSlice(layer, head, heads, headSize);
    }

    CachePage newPage(CacheType type) {
        return type.newPage(layers, numbersPerLayer());
    }
}
