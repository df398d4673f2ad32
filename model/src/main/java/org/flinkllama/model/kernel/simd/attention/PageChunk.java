package org.flinkllama.model.kernel.simd.attention;

import static org.flinkllama.model.kernel.Kernel.PAGE_POSITIONS;

import jdk.incubator.vector.ShortVector;
import org.flinkllama.model.kernel.CachePage;
import org.flinkllama.model.kernel.HeadSlice;
import org.flinkllama.model.kernel.simd.vector.Halves;
import org.flinkllama.model.kernel.simd.vector.Lanes;

/// The keys or the values of one head in some pages one behind the other, as f32: where they stand in pages of f32,
/// else converted once for all queries.
final class PageChunk {
    /// Pages of a chunk: what all queries read of them stays in the processor's nearest cache.
    static final int PAGES = 4;

    private final float[][] numbers = new float[PAGES][];
    private final float[][] converted = new float[PAGES][0];
    private int firstPage;
    private int pages;
    private int offset;

    /// Reads the keys of pages `first` until `first + PAGES`, or until `end`.
    void readKeys(HeadSlice head, CachePage[] all, int first, int end) {
        read(head, all, first, end, head.keyOffset());
    }

    /// Reads the values of pages `first` until `first + PAGES`, or until `end`.
    void readValues(HeadSlice head, CachePage[] all, int first, int end) {
        read(head, all, first, end, head.valueOffset());
    }

    private void read(HeadSlice head, CachePage[] all, int first, int end, int begin) {
        firstPage = first;
        pages = Math.min(PAGES, end - first);
        offset = all[first] instanceof CachePage.Floats ? begin : 0;
        for (int i = 0; i < pages; i++) {
            switch (all[first + i]) {
                case CachePage.Floats floats -> numbers[i] = floats.layers()[head.layer()];
                case CachePage.Halves halves ->
                    numbers[i] = convert(halves.layers()[head.layer()], begin, head.headSize() * PAGE_POSITIONS, i);
            }
        }
    }

    private float[] convert(short[] layer, int begin, int count, int page) {
        if (converted[page].length < count) {
            converted[page] = new float[count];
        }
        float[] result = converted[page];
        for (int i = 0; i < count; i += Lanes.COUNT) {
            Halves.fromF16(ShortVector.fromArray(Halves.SHORTS, layer, begin + i))
                    .intoArray(result, i);
        }
        return result;
    }

    int firstPage() {
        return firstPage;
    }

    int firstPosition() {
        return firstPage * PAGE_POSITIONS;
    }

    int endPosition() {
        return (firstPage + pages) * PAGE_POSITIONS;
    }

    /// Numbers of a page of the chunk; the last page's for those behind it.
    float[] page(int page) {
        return numbers[Math.min(page - firstPage, pages - 1)];
    }

    /// Index in every page of the head's first key or value.
    int offset() {
        return offset;
    }
}
