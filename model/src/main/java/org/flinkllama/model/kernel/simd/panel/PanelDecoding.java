package org.flinkllama.model.kernel.simd.panel;

import static org.flinkllama.model.kernel.Kernel.PARTIAL_SUMS;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.flinkllama.model.tensor.RowDecoder;
import org.flinkllama.model.tensor.WeightMatrix;

/// Decodes a part of a row to f32, bit for bit as [RowDecoder] does, into a panel: sixteen columns at a time,
/// [PanelProducts#STRIDE] numbers apart.
final class PanelDecoding {
    private PanelDecoding() {}

    /// Decodes columns `first … first + count` of rows `row`, `row + distance` and so on, those that are below
    /// `endRow`; the panel's other rows are repetitions of the first.
    ///
    /// @param first a multiple of the type's block size
    /// @param count columns, a multiple of sixteen and of the type's block size; those behind the row's last become
    ///              −0, because −0 added by way of a product changes no sum, not even −0
    static void decode(
            WeightMatrix weights, int row, int distance, int endRow, int first, int count, float[] panel, int offset) {
        int wholeSteps = Math.min(count, weights.columns() - first) / PARTIAL_SUMS;
        int blocks = wholeSteps
                * PARTIAL_SUMS
                / Math.max(PARTIAL_SUMS, weights.type().blockElements());
        MemorySegment data = weights.data();
        long stride = weights.rowBytes();
        long r0 = row * stride + weights.type().rowBytes(first);
        long r1 = row + distance < endRow ? r0 + distance * stride : r0;
        long r2 = row + 2 * distance < endRow ? r0 + 2 * distance * stride : r0;
        long r3 = row + 3 * distance < endRow ? r0 + 3 * distance * stride : r0;
        switch (weights.type()) {
            case F32 -> PlainPanels.decodeF32(data, r0, r1, r2, r3, blocks, panel, offset);
            case F16 -> PlainPanels.decodeF16(data, r0, r1, r2, r3, blocks, panel, offset);
            case BF16 -> PlainPanels.decodeBf16(data, r0, r1, r2, r3, blocks, panel, offset);
            case Q8_0 -> SmallBlockPanels.decodeQ8x0(data, r0, r1, r2, r3, blocks, panel, offset);
            case Q4_1, Q5_0, Q5_1, Q2_K, Q3_K, Q5_K -> {
                long at = r0;
                for (int r = 0; r < PanelProducts.ROWS; r++) {
                    decodeRow(weights, at, blocks, panel, offset + r * PARTIAL_SUMS);
                    at = r == 0 ? r1 : r == 1 ? r2 : r3;
                }
            }
            case Q6_K -> throw new IllegalArgumentException(weights.type() + " is decoded by quartets.");
            case Q4_0, Q4_K -> throw new IllegalArgumentException(weights.type() + " is multiplied as integers.");
        }
        if (wholeSteps * PARTIAL_SUMS < count) {
            int rest = weights.columns() - first - wholeSteps * PARTIAL_SUMS;
            int target = offset + wholeSteps * PanelProducts.STRIDE;
            for (int r = row;
                    r < endRow && target < offset + wholeSteps * PanelProducts.STRIDE + PanelProducts.STRIDE;
                    r += distance) {
                RowDecoder.decode(weights, r, weights.columns() - rest, rest, panel, target);
                Arrays.fill(panel, target + rest, target + PARTIAL_SUMS, -0f);
                target += PARTIAL_SUMS;
            }
        }
    }

    private static void decodeRow(WeightMatrix weights, long at, int blocks, float[] panel, int offset) {
        MemorySegment data = weights.data();
        switch (weights.type()) {
            case Q4_1 -> SmallBlockPanels.decodeQ4x1(data, at, blocks, panel, offset);
            case Q5_0 -> SmallBlockPanels.decodeQ5x0(data, at, blocks, panel, offset);
            case Q5_1 -> SmallBlockPanels.decodeQ5x1(data, at, blocks, panel, offset);
            case Q2_K -> SuperBlockPanels.decodeQ2K(data, at, blocks, panel, offset);
            case Q3_K -> SuperBlockPanels.decodeQ3K(data, at, blocks, panel, offset);
            case Q5_K -> SuperBlockPanels.decodeQ5K(data, at, blocks, panel, offset);
            case F32, F16, BF16, Q8_0, Q6_K, Q4_0, Q4_K ->
                throw new IllegalArgumentException(weights.type() + " is not decoded row by row.");
        }
    }
}
