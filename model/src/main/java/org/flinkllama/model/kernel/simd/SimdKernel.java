package org.flinkllama.model.kernel.simd;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import org.flinkllama.model.kernel.Activations;
import org.flinkllama.model.kernel.Exponential;
import org.flinkllama.model.kernel.HeadSlice;
import org.flinkllama.model.kernel.Kernel;
import org.flinkllama.model.kernel.PartialSums;
import org.flinkllama.model.kernel.TokenRun;
import org.flinkllama.model.kernel.simd.attention.GroupAttention;
import org.flinkllama.model.kernel.simd.vector.Lanes;
import org.flinkllama.model.tensor.WeightMatrix;

/// [Kernel] on vectors.
public final class SimdKernel implements Kernel {
    private final float[] sums = new float[PARTIAL_SUMS];
    private final MatrixProducts products = new MatrixProducts();
    private final GroupAttention attention = new GroupAttention();

    /// Bits of a vector, on this machine.
    public static int vectorBits() {
        return Lanes.FLOATS.vectorBitSize();
    }

    @Override
    public void multiply(WeightMatrix weights, int firstRow, int endRow, Activations in, Activations out) {
        products.multiply(weights, firstRow, endRow, in, out);
    }

    @Override
    public void multiplyAgain(WeightMatrix weights, int firstRow, int endRow, Activations in, Activations out) {
        products.multiplyAgain(weights, firstRow, endRow, in, out);
    }

    @Override
    public void normalise(Activations in, int token, float[] scale, float epsilon, Activations out) {
        int width = in.width();
        int offset = in.offset(token);
        float[] values = in.values();
        squares(values, offset, width);
        float factor = (float) (1 / Math.sqrt(PartialSums.reduce(sums, 0) / width + epsilon));
        float[] result = out.values();
        int target = out.offset(token);
        int i = 0;
        for (; i <= width - Lanes.COUNT; i += Lanes.COUNT) {
            FloatVector.fromArray(Lanes.FLOATS, values, offset + i)
                    .mul(factor)
                    .mul(FloatVector.fromArray(Lanes.FLOATS, scale, i))
                    .intoArray(result, target + i);
        }
        for (; i < width; i++) {
            result[target + i] = values[offset + i] * factor * scale[i];
        }
    }

    private void squares(float[] values, int offset, int width) {
        int whole = width - width % PARTIAL_SUMS;
        for (int part = 0; part < PARTIAL_SUMS; part += Lanes.COUNT) {
            FloatVector sum = FloatVector.zero(Lanes.FLOATS);
            for (int i = part; i < whole; i += PARTIAL_SUMS) {
                FloatVector value = FloatVector.fromArray(Lanes.FLOATS, values, offset + i);
                sum = value.fma(value, sum);
            }
            sum.intoArray(sums, part);
        }
        for (int i = whole; i < width; i++) {
            float value = values[offset + i];
            sums[i - whole] = Math.fma(value, value, sums[i - whole]);
        }
    }

    @Override
    public void gate(Activations gate, Activations up, int token, int first, int end) {
        float[] gates = gate.values();
        float[] ups = up.values();
        int i = gate.offset(token) + first;
        int last = gate.offset(token) + end;
        for (; i <= last - Lanes.COUNT; i += Lanes.COUNT) {
            FloatVector value = FloatVector.fromArray(Lanes.FLOATS, gates, i);
            value.div(Lanes.exponential(value.neg()).add(1f))
                    .mul(FloatVector.fromArray(Lanes.FLOATS, ups, i))
                    .intoArray(gates, i);
        }
        for (; i < last; i++) {
            float value = gates[i];
            gates[i] = value / (1 + Exponential.of(-value)) * ups[i];
        }
    }

    @Override
    public void attend(HeadSlice head, TokenRun run, Activations queries, int first, int end) {
        attention.attend(head, run, queries, first, end);
    }

    @Override
    public float logSumExp(float[] values, int offset, int count) {
        float highest = highest(values, offset, count);
        int whole = count - count % PARTIAL_SUMS;
        Arrays.fill(sums, 0);
        for (int part = 0; part < PARTIAL_SUMS; part += Lanes.COUNT) {
            FloatVector sum = FloatVector.zero(Lanes.FLOATS);
            for (int i = part; i < whole; i += PARTIAL_SUMS) {
                FloatVector value = FloatVector.fromArray(Lanes.FLOATS, values, offset + i);
                sum = sum.add(Lanes.exponential(value.sub(highest)));
            }
            sum.intoArray(sums, part);
        }
        for (int i = whole; i < count; i++) {
            sums[i - whole] += Exponential.of(values[offset + i] - highest);
        }
        return highest + (float) StrictMath.log(PartialSums.reduce(sums, 0));
    }

    private float highest(float[] values, int offset, int count) {
        FloatVector highest = FloatVector.broadcast(Lanes.FLOATS, Float.NEGATIVE_INFINITY);
        int i = 0;
        for (; i <= count - Lanes.COUNT; i += Lanes.COUNT) {
            highest = highest.max(FloatVector.fromArray(Lanes.FLOATS, values, offset + i));
        }
        float result = Float.NEGATIVE_INFINITY;
        highest.intoArray(sums, 0);
        for (int lane = 0; lane < Lanes.COUNT; lane++) {
            result = Math.max(result, sums[lane]);
        }
        for (; i < count; i++) {
            result = Math.max(result, values[offset + i]);
        }
        return result;
    }
}
