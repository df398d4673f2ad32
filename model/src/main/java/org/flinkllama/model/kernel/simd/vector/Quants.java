package org.flinkllama.model.kernel.simd.vector;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// Small stored integers as vectors of bytes, and what they are worth as f32. A vector of bytes has sixteen where a
/// vector of f32 has, else eight.
public final class Quants {
    public static final VectorSpecies<Byte> BYTES = Lanes.COUNT == 16 ? ByteVector.SPECIES_128 : ByteVector.SPECIES_64;
    public static final int STEP = BYTES.length();
    public static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
    public static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    public static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    public static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private static final int PARTS = STEP / Lanes.COUNT;

    private Quants() {}

    public static float f16(MemorySegment data, long at) {
        return Float.float16ToFloat(data.get(SHORT, at));
    }

    public static ByteVector load(MemorySegment data, long at) {
        return ByteVector.fromMemorySegment(BYTES, data, at, LITTLE_ENDIAN);
    }

    /// Bits `shift` and up of every byte, as many as `mask` has.
    public static ByteVector bits(ByteVector bytes, int shift, int mask) {
        return bytes.reinterpretAsInts()
                .lanewise(VectorOperators.LSHR, shift)
                .reinterpretAsBytes()
                .and((byte) mask);
    }

    /// Bytes that are small enough, times 2 to the power of `shift`.
    public static ByteVector raised(ByteVector bytes, int shift) {
        return bytes.reinterpretAsInts().lanewise(VectorOperators.LSHL, shift).reinterpretAsBytes();
    }

    /// Stores `quant · scale`.
    public static void scale(ByteVector quants, float scale, float[] out, int at) {
        for (int part = 0; part < PARTS; part++) {
            ((FloatVector) quants.convertShape(VectorOperators.B2F, Lanes.FLOATS, part))
                    .mul(scale)
                    .intoArray(out, at + part * Lanes.COUNT);
        }
    }

    /// Stores `quant · scale + minimum`, both rounded.
    public static void scaleAndAdd(ByteVector quants, float scale, float minimum, float[] out, int at) {
        for (int part = 0; part < PARTS; part++) {
            ((FloatVector) quants.convertShape(VectorOperators.B2F, Lanes.FLOATS, part))
                    .mul(scale)
                    .add(minimum)
                    .intoArray(out, at + part * Lanes.COUNT);
        }
    }

    /// The eight 6-bit scales, one a byte, that share 12 bytes with eight minimums: the first four have the low six
    /// bits of bytes 0–3; the last four have the low halves of bytes 8–11 and the upper pairs of bytes 0–3.
    public static long scalesOfEight(MemorySegment data, long at) {
        int low = data.get(INT, at);
        int high = data.get(INT, at + 8) & 0x0F0F0F0F | low >>> 2 & 0x30303030;
        return low & 0x3F3F3F3F | (long) high << 32;
    }

    /// As [#scalesOfEight(MemorySegment, long)], with bytes 4–7 and the high halves of bytes 8–11.
    public static long minimumsOfEight(MemorySegment data, long at) {
        int low = data.get(INT, at + 4);
        int high = data.get(INT, at + 8) >>> 4 & 0x0F0F0F0F | low >>> 2 & 0x30303030;
        return low & 0x3F3F3F3F | (long) high << 32;
    }
}
