package org.flinkllama.model.kernel.simd.row;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static org.flinkllama.model.kernel.Kernel.PARTIAL_SUMS;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import org.flinkllama.model.kernel.grouped.RowQuartets;
import org.flinkllama.model.kernel.simd.vector.Lanes;
import org.flinkllama.model.kernel.simd.vector.Quants;

/// Quartets of rows × 1, 2 or 4 tokens, as [RowQuartets] has them. The loops are written out because the compiler
/// keeps accumulators in registers only if they are variables of one method.
final class QuartetProducts {
    private QuartetProducts() {}

    /// Stores the partial sums of two quartets × 1 or 2 tokens, `[row][token][16]`, in `sums` from `sum0` and
    /// `sum1`. They are read as two streams, which the memory prefetcher follows better than one.
    ///
    /// @param data   quartets of rows, which begin at bytes `start0` and `start1`
    /// @param in     the tokens, from `at`, as [TokenGroups] has them
    static void pair(
            MemorySegment data,
            long start0,
            long start1,
            int records,
            int tokens,
            float[] in,
            int at,
            float[] sums,
            int sum0,
            int sum1) {
        if (tokens == 2) {
            two(data, start0, start1, records, in, at, sums, sum0, sum1);
            return;
        }
        for (int part = 0; part < PARTIAL_SUMS; part += Lanes.COUNT) {
            one(data, start0, start1, records, part, in, at, sums, sum0 + part, sum1 + part);
        }
    }

    private static void one(
            MemorySegment data,
            long start0,
            long start1,
            int records,
            int anyPart,
            float[] in,
            int at,
            float[] sums,
            int sum0,
            int sum1) {
        int part = Lanes.COUNT == PARTIAL_SUMS ? 0 : anyPart;
        FloatVector a0 = FloatVector.zero(Lanes.FLOATS);
        FloatVector a1 = FloatVector.zero(Lanes.FLOATS);
        FloatVector a2 = FloatVector.zero(Lanes.FLOATS);
        FloatVector a3 = FloatVector.zero(Lanes.FLOATS);
        FloatVector a4 = FloatVector.zero(Lanes.FLOATS);
        FloatVector a5 = FloatVector.zero(Lanes.FLOATS);
        FloatVector a6 = FloatVector.zero(Lanes.FLOATS);
        FloatVector a7 = FloatVector.zero(Lanes.FLOATS);
        for (int record = 0; record < records; record++) {
            long offset = (long) record * RowQuartets.RECORD_BYTES;
            long at0 = start0 + offset;
            long at1 = start1 + offset;
            int x = at + part + record * 16;
            FloatVector scale0 = FloatVector.broadcast(Lanes.FLOATS, data.get(RowQuartets.SCALE, at0 + 0));
            FloatVector scale1 = FloatVector.broadcast(Lanes.FLOATS, data.get(RowQuartets.SCALE, at0 + 4));
            FloatVector scale2 = FloatVector.broadcast(Lanes.FLOATS, data.get(RowQuartets.SCALE, at0 + 8));
            FloatVector scale3 = FloatVector.broadcast(Lanes.FLOATS, data.get(RowQuartets.SCALE, at0 + 12));
            FloatVector scale4 = FloatVector.broadcast(Lanes.FLOATS, data.get(RowQuartets.SCALE, at1 + 0));
            FloatVector scale5 = FloatVector.broadcast(Lanes.FLOATS, data.get(RowQuartets.SCALE, at1 + 4));
            FloatVector scale6 = FloatVector.broadcast(Lanes.FLOATS, data.get(RowQuartets.SCALE, at1 + 8));
            FloatVector scale7 = FloatVector.broadcast(Lanes.FLOATS, data.get(RowQuartets.SCALE, at1 + 12));
            FloatVector numbers0 = FloatVector.fromArray(Lanes.FLOATS, in, x);
            FloatVector w = ((FloatVector)
                            ByteVector.fromMemorySegment(Quants.BYTES, data, at0 + 16 + part, LITTLE_ENDIAN)
                                    .convertShape(VectorOperators.B2F, Lanes.FLOATS, 0))
                    .mul(scale0);
            a0 = w.fma(numbers0, a0);
            w = ((FloatVector) ByteVector.fromMemorySegment(Quants.BYTES, data, at0 + 32 + part, LITTLE_ENDIAN)
                            .convertShape(VectorOperators.B2F, Lanes.FLOATS, 0))
                    .mul(scale1);
            a1 = w.fma(numbers0, a1);
            w = ((FloatVector) ByteVector.fromMemorySegment(Quants.BYTES, data, at0 + 48 + part, LITTLE_ENDIAN)
                            .convertShape(VectorOperators.B2F, Lanes.FLOATS, 0))
                    .mul(scale2);
            a2 = w.fma(numbers0, a2);
            w = ((FloatVector) ByteVector.fromMemorySegment(Quants.BYTES, data, at0 + 64 + part, LITTLE_ENDIAN)
                            .convertShape(VectorOperators.B2F, Lanes.FLOATS, 0))
                    .mul(scale3);
            a3 = w.fma(numbers0, a3);
            w = ((FloatVector) ByteVector.fromMemorySegment(Quants.BYTES, data, at1 + 16 + part, LITTLE_ENDIAN)
                            .convertShape(VectorOperators.B2F, Lanes.FLOATS, 0))
                    .mul(scale4);
            a4 = w.fma(numbers0, a4);
            w = ((FloatVector) ByteVector.fromMemorySegment(Quants.BYTES, data, at1 + 32 + part, LITTLE_ENDIAN)
                            .convertShape(VectorOperators.B2F, Lanes.FLOATS, 0))
                    .mul(scale5);
            a5 = w.fma(numbers0, a5);
            w = ((FloatVector) ByteVector.fromMemorySegment(Quants.BYTES, data, at1 + 48 + part, LITTLE_ENDIAN)
                            .convertShape(VectorOperators.B2F, Lanes.FLOATS, 0))
                    .mul(scale6);
            a6 = w.fma(numbers0, a6);
            w = ((FloatVector) ByteVector.fromMemorySegment(Quants.BYTES, data, at1 + 64 + part, LITTLE_ENDIAN)
                            .convertShape(VectorOperators.B2F, Lanes.FLOATS, 0))
                    .mul(scale7);
            a7 = w.fma(numbers0, a7);
        }
        a0.intoArray(sums, sum0);
        a1.intoArray(sums, sum0 + PARTIAL_SUMS);
        a2.intoArray(sums, sum0 + 2 * PARTIAL_SUMS);
        a3.intoArray(sums, sum0 + 3 * PARTIAL_SUMS);
        a4.intoArray(sums, sum1);
        a5.intoArray(sums, sum1 + PARTIAL_SUMS);
        a6.intoArray(sums, sum1 + 2 * PARTIAL_SUMS);
        a7.intoArray(sums, sum1 + 3 * PARTIAL_SUMS);
    }

    private static void two(
            MemorySegment data,
            long start0,
            long start1,
            int records,
            float[] in,
            int at,
            float[] sums,
            int sum0,
            int sum1) {
        FloatVector a0 = FloatVector.zero(Lanes.FLOATS);
        FloatVector a1 = FloatVector.zero(Lanes.FLOATS);
        FloatVector a2 = FloatVector.zero(Lanes.FLOATS);
        FloatVector a3 = FloatVector.zero(Lanes.FLOATS);
        FloatVector a4 = FloatVector.zero(Lanes.FLOATS);
        FloatVector a5 = FloatVector.zero(Lanes.FLOATS);
        FloatVector a6 = FloatVector.zero(Lanes.FLOATS);
        FloatVector a7 = FloatVector.zero(Lanes.FLOATS);
        FloatVector b0 = FloatVector.zero(Lanes.FLOATS);
        FloatVector b1 = FloatVector.zero(Lanes.FLOATS);
        FloatVector b2 = FloatVector.zero(Lanes.FLOATS);
        FloatVector b3 = FloatVector.zero(Lanes.FLOATS);
        FloatVector b4 = FloatVector.zero(Lanes.FLOATS);
        FloatVector b5 = FloatVector.zero(Lanes.FLOATS);
        FloatVector b6 = FloatVector.zero(Lanes.FLOATS);
        FloatVector b7 = FloatVector.zero(Lanes.FLOATS);
        for (int record = 0; record < records; record++) {
            long offset = (long) record * RowQuartets.RECORD_BYTES;
            long at0 = start0 + offset;
            long at1 = start1 + offset;
            int x = at + record * 32;
            FloatVector scale0 = FloatVector.broadcast(Lanes.FLOATS, data.get(RowQuartets.SCALE, at0 + 0));
            FloatVector scale1 = FloatVector.broadcast(Lanes.FLOATS, data.get(RowQuartets.SCALE, at0 + 4));
            FloatVector scale2 = FloatVector.broadcast(Lanes.FLOATS, data.get(RowQuartets.SCALE, at0 + 8));
            FloatVector scale3 = FloatVector.broadcast(Lanes.FLOATS, data.get(RowQuartets.SCALE, at0 + 12));
            FloatVector scale4 = FloatVector.broadcast(Lanes.FLOATS, data.get(RowQuartets.SCALE, at1 + 0));
            FloatVector scale5 = FloatVector.broadcast(Lanes.FLOATS, data.get(RowQuartets.SCALE, at1 + 4));
            FloatVector scale6 = FloatVector.broadcast(Lanes.FLOATS, data.get(RowQuartets.SCALE, at1 + 8));
            FloatVector scale7 = FloatVector.broadcast(Lanes.FLOATS, data.get(RowQuartets.SCALE, at1 + 12));
            FloatVector numbers0 = FloatVector.fromArray(Lanes.FLOATS, in, x);
            FloatVector numbers1 = FloatVector.fromArray(Lanes.FLOATS, in, x + 16);
            FloatVector w = ((FloatVector) ByteVector.fromMemorySegment(Quants.BYTES, data, at0 + 16, LITTLE_ENDIAN)
                            .convertShape(VectorOperators.B2F, Lanes.FLOATS, 0))
                    .mul(scale0);
            a0 = w.fma(numbers0, a0);
            b0 = w.fma(numbers1, b0);
            w = ((FloatVector) ByteVector.fromMemorySegment(Quants.BYTES, data, at0 + 32, LITTLE_ENDIAN)
                            .convertShape(VectorOperators.B2F, Lanes.FLOATS, 0))
                    .mul(scale1);
            a1 = w.fma(numbers0, a1);
            b1 = w.fma(numbers1, b1);
            w = ((FloatVector) ByteVector.fromMemorySegment(Quants.BYTES, data, at0 + 48, LITTLE_ENDIAN)
                            .convertShape(VectorOperators.B2F, Lanes.FLOATS, 0))
                    .mul(scale2);
            a2 = w.fma(numbers0, a2);
            b2 = w.fma(numbers1, b2);
            w = ((FloatVector) ByteVector.fromMemorySegment(Quants.BYTES, data, at0 + 64, LITTLE_ENDIAN)
                            .convertShape(VectorOperators.B2F, Lanes.FLOATS, 0))
                    .mul(scale3);
            a3 = w.fma(numbers0, a3);
            b3 = w.fma(numbers1, b3);
            w = ((FloatVector) ByteVector.fromMemorySegment(Quants.BYTES, data, at1 + 16, LITTLE_ENDIAN)
                            .convertShape(VectorOperators.B2F, Lanes.FLOATS, 0))
                    .mul(scale4);
            a4 = w.fma(numbers0, a4);
            b4 = w.fma(numbers1, b4);
            w = ((FloatVector) ByteVector.fromMemorySegment(Quants.BYTES, data, at1 + 32, LITTLE_ENDIAN)
                            .convertShape(VectorOperators.B2F, Lanes.FLOATS, 0))
                    .mul(scale5);
            a5 = w.fma(numbers0, a5);
            b5 = w.fma(numbers1, b5);
            w = ((FloatVector) ByteVector.fromMemorySegment(Quants.BYTES, data, at1 + 48, LITTLE_ENDIAN)
                            .convertShape(VectorOperators.B2F, Lanes.FLOATS, 0))
                    .mul(scale6);
            a6 = w.fma(numbers0, a6);
            b6 = w.fma(numbers1, b6);
            w = ((FloatVector) ByteVector.fromMemorySegment(Quants.BYTES, data, at1 + 64, LITTLE_ENDIAN)
                            .convertShape(VectorOperators.B2F, Lanes.FLOATS, 0))
                    .mul(scale7);
            a7 = w.fma(numbers0, a7);
            b7 = w.fma(numbers1, b7);
        }
        a0.intoArray(sums, sum0);
        b0.intoArray(sums, sum0 + PARTIAL_SUMS);
        a1.intoArray(sums, sum0 + 2 * PARTIAL_SUMS);
        b1.intoArray(sums, sum0 + 3 * PARTIAL_SUMS);
        a2.intoArray(sums, sum0 + 4 * PARTIAL_SUMS);
        b2.intoArray(sums, sum0 + 5 * PARTIAL_SUMS);
        a3.intoArray(sums, sum0 + 6 * PARTIAL_SUMS);
        b3.intoArray(sums, sum0 + 7 * PARTIAL_SUMS);
        a4.intoArray(sums, sum1);
        b4.intoArray(sums, sum1 + PARTIAL_SUMS);
        a5.intoArray(sums, sum1 + 2 * PARTIAL_SUMS);
        b5.intoArray(sums, sum1 + 3 * PARTIAL_SUMS);
        a6.intoArray(sums, sum1 + 4 * PARTIAL_SUMS);
        b6.intoArray(sums, sum1 + 5 * PARTIAL_SUMS);
        a7.intoArray(sums, sum1 + 6 * PARTIAL_SUMS);
        b7.intoArray(sums, sum1 + 7 * PARTIAL_SUMS);
    }

    /// Stores the partial sums of a quartet × 4 tokens, `[row][token][16]`, in `sums` from `sum`.
    static void four(MemorySegment data, long start, int records, float[] in, int at, float[] sums, int sum) {
        FloatVector a0 = FloatVector.zero(Lanes.FLOATS);
        FloatVector a1 = FloatVector.zero(Lanes.FLOATS);
        FloatVector a2 = FloatVector.zero(Lanes.FLOATS);
        FloatVector a3 = FloatVector.zero(Lanes.FLOATS);
        FloatVector b0 = FloatVector.zero(Lanes.FLOATS);
        FloatVector b1 = FloatVector.zero(Lanes.FLOATS);
        FloatVector b2 = FloatVector.zero(Lanes.FLOATS);
        FloatVector b3 = FloatVector.zero(Lanes.FLOATS);
        FloatVector c0 = FloatVector.zero(Lanes.FLOATS);
        FloatVector c1 = FloatVector.zero(Lanes.FLOATS);
        FloatVector c2 = FloatVector.zero(Lanes.FLOATS);
        FloatVector c3 = FloatVector.zero(Lanes.FLOATS);
        FloatVector d0 = FloatVector.zero(Lanes.FLOATS);
        FloatVector d1 = FloatVector.zero(Lanes.FLOATS);
        FloatVector d2 = FloatVector.zero(Lanes.FLOATS);
        FloatVector d3 = FloatVector.zero(Lanes.FLOATS);
        for (int record = 0; record < records; record++) {
            long from = start + (long) record * RowQuartets.RECORD_BYTES;
            int x = at + record * 64;
            FloatVector scale0 = FloatVector.broadcast(Lanes.FLOATS, data.get(RowQuartets.SCALE, from + 0));
            FloatVector scale1 = FloatVector.broadcast(Lanes.FLOATS, data.get(RowQuartets.SCALE, from + 4));
            FloatVector scale2 = FloatVector.broadcast(Lanes.FLOATS, data.get(RowQuartets.SCALE, from + 8));
            FloatVector scale3 = FloatVector.broadcast(Lanes.FLOATS, data.get(RowQuartets.SCALE, from + 12));
            FloatVector w0 = ((FloatVector) ByteVector.fromMemorySegment(Quants.BYTES, data, from + 16, LITTLE_ENDIAN)
                            .convertShape(VectorOperators.B2F, Lanes.FLOATS, 0))
                    .mul(scale0);
            FloatVector w1 = ((FloatVector) ByteVector.fromMemorySegment(Quants.BYTES, data, from + 32, LITTLE_ENDIAN)
                            .convertShape(VectorOperators.B2F, Lanes.FLOATS, 0))
                    .mul(scale1);
            FloatVector w2 = ((FloatVector) ByteVector.fromMemorySegment(Quants.BYTES, data, from + 48, LITTLE_ENDIAN)
                            .convertShape(VectorOperators.B2F, Lanes.FLOATS, 0))
                    .mul(scale2);
            FloatVector w3 = ((FloatVector) ByteVector.fromMemorySegment(Quants.BYTES, data, from + 64, LITTLE_ENDIAN)
                            .convertShape(VectorOperators.B2F, Lanes.FLOATS, 0))
                    .mul(scale3);
            FloatVector numbers = FloatVector.fromArray(Lanes.FLOATS, in, x);
            a0 = w0.fma(numbers, a0);
            a1 = w1.fma(numbers, a1);
            a2 = w2.fma(numbers, a2);
            a3 = w3.fma(numbers, a3);
            numbers = FloatVector.fromArray(Lanes.FLOATS, in, x + 16);
            b0 = w0.fma(numbers, b0);
            b1 = w1.fma(numbers, b1);
            b2 = w2.fma(numbers, b2);
            b3 = w3.fma(numbers, b3);
            numbers = FloatVector.fromArray(Lanes.FLOATS, in, x + 32);
            c0 = w0.fma(numbers, c0);
            c1 = w1.fma(numbers, c1);
            c2 = w2.fma(numbers, c2);
            c3 = w3.fma(numbers, c3);
            numbers = FloatVector.fromArray(Lanes.FLOATS, in, x + 48);
            d0 = w0.fma(numbers, d0);
            d1 = w1.fma(numbers, d1);
            d2 = w2.fma(numbers, d2);
            d3 = w3.fma(numbers, d3);
        }
        a0.intoArray(sums, sum);
        b0.intoArray(sums, sum + PARTIAL_SUMS);
        c0.intoArray(sums, sum + 2 * PARTIAL_SUMS);
        d0.intoArray(sums, sum + 3 * PARTIAL_SUMS);
        a1.intoArray(sums, sum + 4 * PARTIAL_SUMS);
        b1.intoArray(sums, sum + 5 * PARTIAL_SUMS);
        c1.intoArray(sums, sum + 6 * PARTIAL_SUMS);
        d1.intoArray(sums, sum + 7 * PARTIAL_SUMS);
        a2.intoArray(sums, sum + 8 * PARTIAL_SUMS);
        b2.intoArray(sums, sum + 9 * PARTIAL_SUMS);
        c2.intoArray(sums, sum + 10 * PARTIAL_SUMS);
        d2.intoArray(sums, sum + 11 * PARTIAL_SUMS);
        a3.intoArray(sums, sum + 12 * PARTIAL_SUMS);
        b3.intoArray(sums, sum + 13 * PARTIAL_SUMS);
        c3.intoArray(sums, sum + 14 * PARTIAL_SUMS);
        d3.intoArray(sums, sum + 15 * PARTIAL_SUMS);
    }
}
