package org.flinkllama.model.kernel;

/// Where one key-value head of one layer stands in the numbers of a layer of a [CachePage]: heads one behind the
/// other, each its keys, then its values. Keys are `[headSize][PAGE_POSITIONS]`, so that one vector holds one
/// dimension of sixteen positions; values are `[PAGE_POSITIONS][headSize]`.
///
/// @param layer    of the decoder
/// @param head     of the layer
/// @param heads    key-value heads of the layer
/// @param headSize dimensions of a head
public record HeadSlice(int layer, int head, int heads, int headSize) {
    /// Index of the head's first key number.
    public int keyOffset() {
        return 2 * head * headSize * Kernel.PAGE_POSITIONS;
    }

    /// Index of the head's first value number.
    public int valueOffset() {
        return keyOffset() + headSize * Kernel.PAGE_POSITIONS;
    }

    /// Query heads that read this head, where a token has queries of `queryWidth` numbers.
    public int queryHeads(int queryWidth) {
        return queryWidth / headSize / heads;
    }

    /// Where in a token's queries of `queryWidth` numbers those of this head begin.
    public int queryOffset(int queryWidth) {
        return head * queryHeads(queryWidth) * headSize;
    }
}
