package org.flinkllama.model.sampling;

import java.util.BitSet;

/// Which tokens may come next. A pure function of the tokens generated so far, so that a resumed generation goes on
/// the same way. Safe for use by many threads.
public interface TokenConstraint {
    /// Allows every token.
    TokenConstraint NONE = (generated, count, allowed) -> false;

    /// Sets in `allowed`, which is empty at the call, the tokens that may follow `generated[0 … count)`. At least
    /// one must be set; an end-of-generation token ends the text.
    ///
    /// @return false where every token is allowed and `allowed` was left alone
    boolean restrict(int[] generated, int count, BitSet allowed);

    /// Equal for constraints that allow the same, in every process; different for others as far as 64 bits go.
    default long fingerprint() {
        return getClass().getName().hashCode();
    }
}
