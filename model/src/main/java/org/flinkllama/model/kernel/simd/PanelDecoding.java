package org.flinkllama.model.kernel.simd;

import static org.flinkllama.model.kernel.Kernel.PARTIAL_SUMS;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.flinkllama.model.tensor.RowDecoder;
import org.flinkllama.model.tensor.WeightMatrix;

/// Decodes a part of a row to f32, bit for bit as [RowDecoder] does, into a panel: sixteen columns at a time,
/// [PanelProducts#STRIDE] numbers apart.
final class PanelDecoding {
    private PanelDecoding() {}

    /// @param first a multiple of the type's block size
    /// @param count columns, a multiple of sixteen and of the type's block size; those behind the row's last become
    ///              −0, because −0 added by way of a product changes no sum, not even −0
    static void decode(WeightMatrix weights, int row, int first, int count, float[] panel, int offset) {
        int whole = Math.min(count, weights.columns() - first) / PARTIAL_SUMS * PARTIAL_SUMS;
        MemorySegment data = weights.data();
        long at = row * weights.rowBytes() + weights.type().rowBytes(first);
        switch (weights.type()) {
            case F32 -> PlainPanels.decodeF32(data, at, whole, panel, offset);
            case F16 -> PlainPanels.decodeF16(data, at, whole, panel, offset);
            case BF16 -> PlainPanels.decodeBf16(data, at, whole, panel, offset);
            case Q8_0 -> SmallBlockPanels.decodeQ8x0(data, at, whole, panel, offset);
            case Q4_0 -> SmallBlockPanels.decodeQ4x0(data, at, whole, panel, offset);
            case Q4_1 -> SmallBlockPanels.decodeQ4x1(data, at, whole, panel, offset);
            case Q5_0 -> SmallBlockPanels.decodeQ5x0(data, at, whole, panel, offset);
            case Q5_1 -> SmallBlockPanels.decodeQ5x1(data, at, whole, panel, offset);
            case Q2_K -> SuperBlockPanels.decodeQ2K(data, at, whole, panel, offset);
            case Q3_K -> SuperBlockPanels.decodeQ3K(data, at, whole, panel, offset);
            case Q4_K -> SuperBlockPanels.decodeQ4K(data, at, whole, panel, offset);
            case Q5_K -> SuperBlockPanels.decodeQ5K(data, at, whole, panel, offset);
            case Q6_K -> SuperBlockPanels.decodeQ6K(data, at, whole, panel, offset);
        }
        if (whole < count) {
            int target = offset + whole / PARTIAL_SUMS * PanelProducts.STRIDE;
            int rest = weights.columns() - first - whole;
            RowDecoder.decode(weights, row, first + whole, rest, panel, target);
            Arrays.fill(panel, target + rest, target + PARTIAL_SUMS, -0f);
        }
    }
}
