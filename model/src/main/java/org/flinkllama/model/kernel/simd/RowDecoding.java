package org.flinkllama.model.kernel.simd;

import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.flinkllama.model.tensor.RowDecoder;
import org.flinkllama.model.tensor.TensorType;
import org.flinkllama.model.tensor.WeightMatrix;

/// Decodes rows of weights to f32 as [RowDecoder] specifies, on vectors where a format is common enough to pay.
final class RowDecoding {
    private static final VectorSpecies<Byte> BYTES = ByteVector.SPECIES_64;
    private static final int PARTS = Math.max(1, 8 / Lanes.COUNT);
    private static final int Q8_BLOCK = 32;

    private RowDecoding() {}

    static void decode(WeightMatrix weights, int row, float[] out, int outOffset) {
        if (weights.type() == TensorType.Q8_0 && Lanes.COUNT <= 8) {
            decodeQ8Narrow(weights, row, out, outOffset);
        } else if (weights.type() == TensorType.Q8_0) {
            decodeQ8Wide(weights, row, out, outOffset);
        } else {
            RowDecoder.decode(weights, row, out, outOffset);
        }
    }

    private static void decodeQ8Wide(WeightMatrix weights, int row, float[] out, int outOffset) {
        MemorySegment data = weights.data();
        long block = row * weights.rowBytes();
        int end = outOffset + weights.columns();
        for (int at = outOffset; at < end; at += Q8_BLOCK) {
            float scale = Float.float16ToFloat(data.get(JAVA_SHORT_UNALIGNED, block));
            ByteVector low =
                    ByteVector.fromMemorySegment(ByteVector.SPECIES_128, data, block + 2, ByteOrder.LITTLE_ENDIAN);
            ByteVector high =
                    ByteVector.fromMemorySegment(ByteVector.SPECIES_128, data, block + 18, ByteOrder.LITTLE_ENDIAN);
            ((FloatVector) low.convertShape(VectorOperators.B2F, Lanes.FLOATS, 0))
                    .mul(scale)
                    .intoArray(out, at);
            ((FloatVector) high.convertShape(VectorOperators.B2F, Lanes.FLOATS, 0))
                    .mul(scale)
                    .intoArray(out, at + 16);
            block += TensorType.Q8_0.blockBytes();
        }
    }

    private static void decodeQ8Narrow(WeightMatrix weights, int row, float[] out, int outOffset) {
        MemorySegment data = weights.data();
        long block = row * weights.rowBytes();
        for (int column = 0; column < weights.columns(); column += Q8_BLOCK) {
            float scale = Float.float16ToFloat(data.get(JAVA_SHORT_UNALIGNED, block));
            for (int i = 0; i < Q8_BLOCK; i += 8) {
                ByteVector quants = ByteVector.fromMemorySegment(BYTES, data, block + 2 + i, ByteOrder.LITTLE_ENDIAN);
                for (int part = 0; part < PARTS; part++) {
                    ((FloatVector) quants.convertShape(VectorOperators.B2F, Lanes.FLOATS, part))
                            .mul(scale)
                            .intoArray(out, outOffset + column + i + part * Lanes.COUNT);
                }
            }
            block += TensorType.Q8_0.blockBytes();
        }
    }
}
