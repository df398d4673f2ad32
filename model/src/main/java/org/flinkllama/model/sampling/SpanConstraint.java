package org.flinkllama.model.sampling;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/// Lets a text be a contiguous run of a document's tokens, or one of some fixed alternatives.
public final class SpanConstraint implements TokenConstraint {
    private final int[] document;
    private final BitSet starts;
    private final BitSet ends;
    private final List<int[]> alternatives;
    private final int endToken;

    /// @param document     the document's tokens, as a text would be generated
    /// @param starts       indexes where a run may start
    /// @param ends         indexes of tokens that may be a run's last
    /// @param alternatives texts allowed instead of a run
    /// @param endToken     the token that ends a text
    public SpanConstraint(int[] document, BitSet starts, BitSet ends, List<int[]> alternatives, int endToken) {
        this.document = document.clone();
        this.starts = (BitSet) starts.clone();
        this.ends = (BitSet) ends.clone();
        this.alternatives = alternatives.stream().map(int[]::clone).toList();
        this.endToken = endToken;
    }

    @Override
    public boolean restrict(int[] generated, int count, BitSet allowed) {
        for (int start = starts.nextSetBit(0); start >= 0; start = starts.nextSetBit(start + 1)) {
            int next = start + count;
            if (next > document.length || !Arrays.equals(document, start, next, generated, 0, count)) {
                continue;
            }
            if (next < document.length) {
                allowed.set(document[next]);
            }
            if (count > 0 && ends.get(next - 1)) {
                allowed.set(endToken);
            }
        }
        for (int[] alternative : alternatives) {
            if (count <= alternative.length && Arrays.equals(alternative, 0, count, generated, 0, count)) {
                allowed.set(count < alternative.length ? alternative[count] : endToken);
            }
        }
        if (allowed.isEmpty()) {
            allowed.set(endToken);
        }
        return true;
    }

    @Override
    public long fingerprint() {
        long print = 31L * endToken + Arrays.hashCode(starts.toLongArray());
        print = 1_000_003 * print + Arrays.hashCode(ends.toLongArray());
        print = 1_000_003 * print + Arrays.hashCode(document);
        for (int[] alternative : alternatives) {
            print = 1_000_003 * print + Arrays.hashCode(alternative);
        }
        return print;
    }
}
