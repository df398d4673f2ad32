package org.flinkllama.model.kernel.simd.panel;

import java.lang.foreign.MemorySegment;
import org.flinkllama.model.kernel.grouped.RowQuartets;
import org.flinkllama.model.kernel.simd.vector.Quants;
import org.flinkllama.model.tensor.WeightMatrix;

/// Weights in quartets of rows, whose numbers stand in the order of a panel.
final class QuartetPanels {
    private QuartetPanels() {}

    /// Decodes columns `first … first + count` of the rows of a quartet, multiples of sixteen.
    static void decode(WeightMatrix weights, int quartet, int first, int count, float[] panel, int offset) {
        long at = quartet * RowQuartets.quartetBytes(weights.columns()) + RowQuartets.quartetBytes(first);
        decode(weights.repacked(), at, count / RowQuartets.COLUMNS, panel, offset);
    }

    private static void decode(MemorySegment data, long start, int records, float[] panel, int offset) {
        for (int record = 0; record < records; record++) {
            long at = start + (long) record * RowQuartets.RECORD_BYTES;
            int target = offset + record * PanelProducts.STRIDE;
            for (int row = 0; row < RowQuartets.ROWS; row++) {
                float scale = data.get(RowQuartets.SCALE, at + row * Float.BYTES);
                int quants = row * RowQuartets.COLUMNS;
                for (int i = quants; i < quants + RowQuartets.COLUMNS; i += Quants.STEP) {
                    Quants.scale(Quants.load(data, at + RowQuartets.SCALE_BYTES + i), scale, panel, target + i);
                }
            }
        }
    }
}
