package org.flinkllama.model.kernel.simd.row;

import static org.flinkllama.model.kernel.Kernel.PARTIAL_SUMS;

import java.lang.foreign.MemorySegment;
import org.flinkllama.model.kernel.Activations;
import org.flinkllama.model.kernel.grouped.Repacking;
import org.flinkllama.model.kernel.grouped.RowQuartets;
import org.flinkllama.model.kernel.simd.vector.Lanes;
import org.flinkllama.model.kernel.simd.vector.Quants;
import org.flinkllama.model.tensor.WeightMatrix;

/// Matrix in quartets of rows × few tokens. One token or two are bound by memory, and take two far-apart quartets
/// at a time. More pass again and again over a few quartets, which were brought to the second-level cache for them,
/// while the first-level cache keeps the activations of four.
public final class QuartetMultiplication {
    /// Tokens up to which decoding a quartet again for every four of them costs less than storing it decoded, as
    /// measured.
    private static final int MOST_TOKENS = 16;

    private static final int FEW_TOKENS = 2;

    private final TokenGroups groups = new TokenGroups();
    private final RowSums sums = new RowSums();
    private long touched; // of weights, so that reading them is not left out

    // what is being multiplied
    private MemorySegment data;
    private long quartetBytes;
    private int records;

    /// Whether this is the way to multiply so many tokens.
    public static boolean support(WeightMatrix weights, int tokens) {
        return RowQuartets.support(weights.type())
                && (Lanes.COUNT == PARTIAL_SUMS ? tokens <= MOST_TOKENS : Lanes.COUNT == 8 && tokens == 1);
    }

    public void multiply(WeightMatrix weights, int firstRow, int endRow, Activations in, Activations out) {
        data = weights.repacked();
        quartetBytes = RowQuartets.quartetBytes(weights.columns());
        records = weights.columns() / RowQuartets.COLUMNS;
        groups.pack(in, weights.columns());
        sums.begin(groups.tokens(), firstRow, endRow);
        int first = firstRow / RowQuartets.ROWS;
        int end = RowQuartets.count(endRow);
        if (in.tokens() <= FEW_TOKENS) {
            multiplyPairs(first, end, in, out);
        } else {
            multiplyTiles(first, end, in, out);
        }
        sums.flush(in, out);
    }

    private void multiplyPairs(int first, int end, Activations in, Activations out) {
        int distance = Math.ceilDiv(end - first, 2);
        for (int quartet = first; quartet < first + distance; quartet++) {
            int other = quartet + distance < end ? quartet + distance : quartet;
            int sum = sums.add(quartet * RowQuartets.ROWS, 1);
            int otherSum = sums.add(other * RowQuartets.ROWS, 1);
            pair(quartet, other, 0, in.tokens(), sum, otherSum);
            if (sums.full()) {
                sums.flush(in, out);
            }
        }
    }

    private void multiplyTiles(int first, int end, Activations in, Activations out) {
        for (int tile = first; tile < end; tile += RowSums.FOURS) {
            int count = Math.min(RowSums.FOURS, end - tile);
            touched += lines(data.asSlice(tile * quartetBytes, count * quartetBytes));
            for (int quartet = tile; quartet < tile + count; quartet++) {
                sums.add(quartet * RowQuartets.ROWS, 1);
            }
            for (int token = 0; token < in.tokens(); ) {
                int group = TokenGroups.group(in.tokens() - token);
                multiplyTile(tile, count, token, group);
                token += group;
            }
            sums.flush(in, out);
        }
    }

    private void multiplyTile(int tile, int count, int token, int group) {
        int step = RowSums.ROWS * groups.tokens() * PARTIAL_SUMS;
        int first = RowSums.ROWS * token * PARTIAL_SUMS;
        for (int i = 0; i < count; i++) {
            if (group > FEW_TOKENS) {
                four((tile + i) * quartetBytes, token, first + i * step);
            } else if (i % 2 == 0) {
                int other = Math.min(i + 1, count - 1);
                pair(tile + i, tile + other, token, group, first + i * step, first + other * step);
            }
        }
    }

    private void pair(int quartet, int other, int token, int group, int sum, int otherSum) {
        float[] x = groups.values();
        int at = groups.offset(token);
        long start = quartet * quartetBytes;
        long otherStart = other * quartetBytes;
        float[] partial = sums.partial();
        QuartetProducts.pair(data, start, otherStart, records, group, x, at, partial, sum, otherSum);
    }

    private void four(long start, int token, int sum) {
        float[] x = groups.values();
        int at = groups.offset(token);
        QuartetProducts.four(data, start, records, x, at, sums.partial(), sum);
    }

    /// Reads a number of each cache line: all lines come from memory beside each other then, where multiplying
    /// would wait for a few at a time. Its result is of use to the compiler alone.
    private static int lines(MemorySegment tile) {
        int sum = 0;
        int bytes = (int) tile.byteSize();
        for (int line = 0; line < bytes; line += Repacking.LINE) {
            sum += tile.get(Quants.BYTE, line);
        }
        return sum;
    }
}
