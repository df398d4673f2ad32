package org.flinkllama.model.kernel.simd.panel;

import java.lang.foreign.MemorySegment;
import org.flinkllama.model.kernel.grouped.RowQuartets;
import org.flinkllama.model.kernel.simd.vector.Quants;
import org.flinkllama.model.tensor.TensorType;

/// Weights in quartets of rows, whose numbers stand in the order of a panel.
final class QuartetPanels {
    private static final int Q8_0 = RowQuartets.recordBytes(TensorType.Q8_0);
    private static final int Q6_K = RowQuartets.recordBytes(TensorType.Q6_K);

    private QuartetPanels() {}

    static void decodeQ8x0(MemorySegment data, long start, int records, float[] out, int offset) {
        for (int record = 0; record < records; record++) {
            MemorySegment bytes = data.asSlice(start + (long) record * Q8_0, Q8_0);
            int target = offset + record * 2 * PanelProducts.STRIDE;
            for (int row = 0; row < RowQuartets.ROWS; row++) {
                float scale = bytes.get(RowQuartets.SCALE, row * Float.BYTES);
                int first = row * RowQuartets.COLUMNS;
                sixteen(bytes, RowQuartets.SCALE_BYTES + first, scale, out, target + first);
                first += RowQuartets.QUANT_BYTES;
                sixteen(bytes, RowQuartets.SCALE_BYTES + first, scale, out, target + first);
            }
        }
    }

    static void decodeQ6K(MemorySegment data, long start, int records, float[] out, int offset) {
        for (int record = 0; record < records; record++) {
            MemorySegment bytes = data.asSlice(start + (long) record * Q6_K, Q6_K);
            int target = offset + record * PanelProducts.STRIDE;
            for (int row = 0; row < RowQuartets.ROWS; row++) {
                float scale = bytes.get(RowQuartets.SCALE, row * Float.BYTES);
                int first = row * RowQuartets.COLUMNS;
                sixteen(bytes, RowQuartets.SCALE_BYTES + first, scale, out, target + first);
            }
        }
    }

    private static void sixteen(MemorySegment bytes, int at, float scale, float[] out, int target) {
        for (int i = 0; i < RowQuartets.COLUMNS; i += Quants.STEP) {
            Quants.scale(Quants.load(bytes, at + i), scale, out, target + i);
        }
    }
}
