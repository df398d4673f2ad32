package org.flinkllama.model.kernel;

/// Where one key-value head of one layer stands in a page of the cache. Keys are `[headSize][PAGE_POSITIONS]`, so
/// that one vector holds one dimension of sixteen positions; values are `[PAGE_POSITIONS][headSize]`.
///
/// @param headSize    dimensions of a head
/// @param keyOffset   index of the head's first key number in the page
/// @param valueOffset index of the head's first value number in the page
public record HeadSlice(int headSize, int keyOffset, int valueOffset) {
    /// Writes the key and value of one position, which stand in `keys` and `values` from `offset`.
    public void write(float[] page, int positionInPage, float[] keys, float[] values, int offset) {
        for (int dimension = 0; dimension < headSize; dimension++) {
            page[keyOffset + dimension * Kernel.PAGE_POSITIONS + positionInPage] = keys[offset + dimension];
        }
        System.arraycopy(values, offset, page, valueOffset + positionInPage * headSize, headSize);
    }
}
