package org.flinkllama.model.kernel.simd.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.flinkllama.model.kernel.Exponential;
import org.flinkllama.model.kernel.Kernel;

/// The vectors of this machine: its preferred width, 512 bits at most. Static and final, so that the compiler knows
/// the width in every kernel.
public final class Lanes {
    public static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED.length() > Kernel.PARTIAL_SUMS
            ? FloatVector.SPECIES_512
            : FloatVector.SPECIES_PREFERRED;
    public static final VectorSpecies<Integer> INTS = FLOATS.withLanes(int.class);
    public static final int COUNT = FLOATS.length();

    private Lanes() {}

    /// [Exponential#of(float)] of every lane.
    public static FloatVector exponential(FloatVector x) {
        VectorMask<Float> vanishes = x.compare(VectorOperators.LT, Exponential.LOWEST);
        VectorMask<Float> overflows = x.compare(VectorOperators.GT, Exponential.HIGHEST);
        FloatVector bounded = x.blend(Exponential.HIGHEST, overflows);
        FloatVector rounder = FloatVector.broadcast(FLOATS, Exponential.ROUNDER);
        FloatVector n = bounded.fma(FloatVector.broadcast(FLOATS, Exponential.LOG2_E), rounder)
                .sub(rounder);
        FloatVector r = n.fma(FloatVector.broadcast(FLOATS, -Exponential.LN2_HIGH), bounded);
        r = n.fma(FloatVector.broadcast(FLOATS, -Exponential.LN2_LOW), r);
        FloatVector p =
                r.fma(FloatVector.broadcast(FLOATS, Exponential.C7), FloatVector.broadcast(FLOATS, Exponential.C6));
        p = p.fma(r, FloatVector.broadcast(FLOATS, Exponential.C5));
        p = p.fma(r, FloatVector.broadcast(FLOATS, Exponential.C4));
        p = p.fma(r, FloatVector.broadcast(FLOATS, Exponential.C3));
        p = p.fma(r, FloatVector.broadcast(FLOATS, Exponential.C2));
        p = p.fma(r, FloatVector.broadcast(FLOATS, 1f));
        p = p.fma(r, FloatVector.broadcast(FLOATS, 1f));
        IntVector exponent = (IntVector) n.convertShape(VectorOperators.F2I, INTS, 0);
        FloatVector power = exponent.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
        return p.mul(power).blend(0f, vanishes);
    }
}
