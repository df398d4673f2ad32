package org.flinkllama.model.kernel.simd;

import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;
import static org.flinkllama.model.kernel.Kernel.PARTIAL_SUMS;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.flinkllama.model.kernel.Activations;
import org.flinkllama.model.kernel.PartialSums;
import org.flinkllama.model.tensor.TensorType;
import org.flinkllama.model.tensor.WeightMatrix;

/// Q8_0 matrix × one token, straight from the stored blocks: 2 bytes of f16 scale, then 32 signed bytes. Four rows
/// are read as far-apart streams, because neighbouring rows in one loop defeat the memory prefetcher.
final class Q8RowProducts {
    /// Vectors of four lanes have no byte vector as long; they take the way over a decoded tile.
    static final boolean SUPPORTED = Lanes.COUNT >= 8;

    private static final VectorSpecies<Byte> BYTES = Lanes.COUNT == 16 ? ByteVector.SPECIES_128 : ByteVector.SPECIES_64;
    private static final int STREAMS = 4;
    private static final int BLOCK_COLUMNS = 32;
    private static final int BLOCK_BYTES = TensorType.Q8_0.blockBytes();

    private final float[] sums = new float[SumTree.SUMS * PARTIAL_SUMS];

    void multiply(WeightMatrix weights, int firstRow, int endRow, Activations in, Activations out) {
        int quarter = (endRow - firstRow) / STREAMS;
        float[] results = out.values();
        for (int row = 0; row < quarter; row += STREAMS) {
            int rows = Math.min(STREAMS, quarter - row);
            for (int r = 0; r < rows; r++) {
                for (int part = 0; part < PARTIAL_SUMS; part += Lanes.COUNT) {
                    fourRows(weights, firstRow + row + r, quarter, part, r * STREAMS * PARTIAL_SUMS, in.values());
                }
            }
            SumTree.reduce(sums, 0, sums, 0);
            for (int r = 0; r < rows; r++) {
                for (int stream = 0; stream < STREAMS; stream++) {
                    results[firstRow + row + r + stream * quarter] = sums[r * STREAMS + stream];
                }
            }
        }
        for (int row = firstRow + STREAMS * quarter; row < endRow; row++) {
            for (int part = 0; part < PARTIAL_SUMS; part += Lanes.COUNT) {
                oneRow(weights, row, part, in.values());
            }
            results[row] = PartialSums.reduce(sums, 0);
        }
    }

    private void fourRows(WeightMatrix weights, int row, int distance, int part, int sum, float[] in) {
        MemorySegment data = weights.data();
        long stride = distance * weights.rowBytes();
        long block0 = row * weights.rowBytes();
        long block1 = block0 + stride;
        long block2 = block1 + stride;
        long block3 = block2 + stride;
        FloatVector sum0 = FloatVector.zero(Lanes.FLOATS);
        FloatVector sum1 = sum0;
        FloatVector sum2 = sum0;
        FloatVector sum3 = sum0;
        for (int column = part; column < weights.columns(); column += BLOCK_COLUMNS) {
            FloatVector low = FloatVector.fromArray(Lanes.FLOATS, in, column);
            FloatVector high = FloatVector.fromArray(Lanes.FLOATS, in, column + PARTIAL_SUMS);
            float scale0 = Float.float16ToFloat(data.get(JAVA_SHORT_UNALIGNED, block0));
            float scale1 = Float.float16ToFloat(data.get(JAVA_SHORT_UNALIGNED, block1));
            float scale2 = Float.float16ToFloat(data.get(JAVA_SHORT_UNALIGNED, block2));
            float scale3 = Float.float16ToFloat(data.get(JAVA_SHORT_UNALIGNED, block3));
            sum0 = quants(data, block0 + 2 + part).mul(scale0).fma(low, sum0);
            sum1 = quants(data, block1 + 2 + part).mul(scale1).fma(low, sum1);
            sum2 = quants(data, block2 + 2 + part).mul(scale2).fma(low, sum2);
            sum3 = quants(data, block3 + 2 + part).mul(scale3).fma(low, sum3);
            sum0 = quants(data, block0 + 18 + part).mul(scale0).fma(high, sum0);
            sum1 = quants(data, block1 + 18 + part).mul(scale1).fma(high, sum1);
            sum2 = quants(data, block2 + 18 + part).mul(scale2).fma(high, sum2);
            sum3 = quants(data, block3 + 18 + part).mul(scale3).fma(high, sum3);
            block0 += BLOCK_BYTES;
            block1 += BLOCK_BYTES;
            block2 += BLOCK_BYTES;
            block3 += BLOCK_BYTES;
        }
        sum0.intoArray(sums, sum + part);
        sum1.intoArray(sums, sum + PARTIAL_SUMS + part);
        sum2.intoArray(sums, sum + 2 * PARTIAL_SUMS + part);
        sum3.intoArray(sums, sum + 3 * PARTIAL_SUMS + part);
    }

    private void oneRow(WeightMatrix weights, int row, int part, float[] in) {
        MemorySegment data = weights.data();
        long block = row * weights.rowBytes();
        FloatVector sum = FloatVector.zero(Lanes.FLOATS);
        for (int column = part; column < weights.columns(); column += BLOCK_COLUMNS) {
            float scale = Float.float16ToFloat(data.get(JAVA_SHORT_UNALIGNED, block));
            sum = quants(data, block + 2 + part).mul(scale).fma(FloatVector.fromArray(Lanes.FLOATS, in, column), sum);
            sum = quants(data, block + 18 + part)
                    .mul(scale)
                    .fma(FloatVector.fromArray(Lanes.FLOATS, in, column + PARTIAL_SUMS), sum);
            block += BLOCK_BYTES;
        }
        sum.intoArray(sums, part);
    }

    private static FloatVector quants(MemorySegment data, long offset) {
        return (FloatVector) ByteVector.fromMemorySegment(BYTES, data, offset, ByteOrder.LITTLE_ENDIAN)
                .convertShape(VectorOperators.B2F, Lanes.FLOATS, 0);
    }
}
