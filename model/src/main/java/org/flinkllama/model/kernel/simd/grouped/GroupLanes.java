package org.flinkllama.model.kernel.simd.grouped;

import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;
import org.flinkllama.model.kernel.grouped.RowGroups;

/// The vectors of this machine, 512 bits at most. A vector of ints has a row of a group in each lane; narrow ones take
/// a group in parts.
final class GroupLanes {
    static final VectorSpecies<Integer> INTS =
            IntVector.SPECIES_PREFERRED.length() > RowGroups.ROWS ? IntVector.SPECIES_512 : IntVector.SPECIES_PREFERRED;
    static final VectorSpecies<Float> FLOATS = INTS.withLanes(float.class);

    /// Rows of a vector.
    static final int ROWS = INTS.length();

    /// 16-bit numbers, one of each row.
    static final VectorSpecies<Short> HALVES =
            ShortVector.SPECIES_64.withShape(VectorShape.forBitSize(ROWS * Short.SIZE));

    private GroupLanes() {}
}
