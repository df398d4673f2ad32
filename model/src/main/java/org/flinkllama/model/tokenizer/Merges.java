package org.flinkllama.model.tokenizer;

import java.util.Arrays;

/// Which neighbouring symbols merge into which, and in what order. Symbols are token ids. Merging always takes the
/// pair of the lowest rank, the leftmost of equal ones, until no pair is left. Immutable once built.
final class Merges {
    /// Stretches up to this long are merged by searching all pairs each time; longer ones keep their pairs in a
    /// heap.
    static final int SHORT = 64;

    private static final long EMPTY = -1;
    // Behind every rank.
    private static final long NONE = Long.MAX_VALUE;

    private final long[] keys; // left << 32 | right, open addressing; length is a power of two
    private final long[] values; // rank << 32 | merged symbol

    private Merges(long[] keys, long[] values) {
        this.keys = keys;
        this.values = values;
    }

    /// Collects pairs.
    static final class Builder {
        private long[] keys = filled(1 << 10);
        private long[] values = new long[1 << 10];
        private int size;

        /// Adds a pair; the first rank of a pair stays.
        void add(int left, int right, int rank, int merged) {
            if (2 * (size + 1) > keys.length) {
                grow();
            }
            if (put(keys, values, key(left, right), (long) rank << 32 | merged)) {
                size++;
            }
        }

        Merges build() {
            return new Merges(keys, values);
        }

        private void grow() {
            long[] moreKeys = filled(2 * keys.length);
            long[] moreValues = new long[moreKeys.length];
            for (int slot = 0; slot < keys.length; slot++) {
                if (keys[slot] != EMPTY) {
                    put(moreKeys, moreValues, keys[slot], values[slot]);
                }
            }
            keys = moreKeys;
            values = moreValues;
        }

        private static long[] filled(int length) {
            long[] keys = new long[length];
            Arrays.fill(keys, EMPTY);
            return keys;
        }

        private static boolean put(long[] keys, long[] values, long key, long value) {
            int slot = slot(keys, key);
            boolean free = keys[slot] == EMPTY;
            if (free) {
                keys[slot] = key;
                values[slot] = value;
            }
            return free;
        }
    }

    private static long key(int left, int right) {
        return (long) left << 32 | right;
    }

    private static int slot(long[] keys, long key) {
        int mask = keys.length - 1;
        long mixed = key * 0x9E3779B97F4A7C15L;
        int slot = (int) (mixed >>> 32) & mask;
        while (keys[slot] != EMPTY && keys[slot] != key) {
            slot = slot + 1 & mask;
        }
        return slot;
    }

    private long pair(int left, int right) {
        int slot = slot(keys, key(left, right));
        return keys[slot] == EMPTY ? NONE : values[slot];
    }

    private static int rank(long pair) {
        return (int) (pair >>> 32);
    }

    /// Merges the symbols from `from` until `to` in place; returns where they end now.
    int merge(int[] symbols, int from, int to) {
        return to - from <= SHORT ? mergeBySearch(symbols, from, to) : mergeByHeap(symbols, from, to);
    }

    int mergeBySearch(int[] symbols, int from, int to) {
        int pairs = to - from - 1;
        if (pairs < 1) {
            return to;
        }
        long[] pair = new long[pairs]; // [index of the left symbol]
        for (int left = 0; left < pairs; left++) {
            pair[left] = pair(symbols[from + left], symbols[from + left + 1]);
        }
        while (pairs > 0) {
            int best = 0;
            for (int left = 1; left < pairs; left++) {
                best = rank(pair[left]) < rank(pair[best]) ? left : best;
            }
            if (pair[best] == NONE) {
                break;
            }
            int at = from + best;
            symbols[at] = (int) pair[best];
            System.arraycopy(symbols, at + 2, symbols, at + 1, pairs - best - 1);
            if (best + 1 < pairs) {
                System.arraycopy(pair, best + 1, pair, best, pairs - best - 1);
                pair[best] = pair(symbols[at], symbols[at + 1]);
            }
            pairs--;
            if (best > 0) {
                pair[best - 1] = pair(symbols[at - 1], symbols[at]);
            }
        }
        return from + pairs + 1;
    }

    int mergeByHeap(int[] symbols, int from, int to) {
        Chain chain = new Chain(this, symbols, from, to);
        while (chain.mergeFirst()) {}
        return chain.compact();
    }

    /// Symbols as a linked list over their array, and a heap of the pairs that may merge. A pair in the heap that
    /// no longer stands, because one of its symbols has merged otherwise, is dropped when it is met.
    private static final class Chain {
        private static final int GONE = -1;

        private final Merges merges;
        private final int[] symbols;
        private final int from;
        private final int[] previous; // relative to from
        private final int[] next;
        private final PairHeap heap;

        Chain(Merges merges, int[] symbols, int from, int to) {
            this.merges = merges;
            this.symbols = symbols;
            this.from = from;
            int count = to - from;
            previous = new int[count];
            next = new int[count];
            heap = new PairHeap(count);
            for (int at = 0; at < count; at++) {
                previous[at] = at - 1;
                next[at] = at + 1 < count ? at + 1 : -1;
            }
            for (int left = 0; left < count - 1; left++) {
                offer(left);
            }
        }

        private long pairAt(int left) {
            return symbols[from + left] == GONE || next[left] < 0
                    ? NONE
                    : merges.pair(symbols[from + left], symbols[from + next[left]]);
        }

        private void offer(int left) {
            long pair = pairAt(left);
            if (pair != NONE) {
                heap.add((long) rank(pair) << 32 | left);
            }
        }

        boolean mergeFirst() {
            if (heap.isEmpty()) {
                return false;
            }
            long first = heap.poll();
            int left = (int) first;
            long pair = pairAt(left);
            if (pair != NONE && rank(pair) == rank(first)) {
                int right = next[left];
                symbols[from + left] = (int) pair;
                symbols[from + right] = GONE;
                next[left] = next[right];
                if (next[left] >= 0) {
                    previous[next[left]] = left;
                    offer(left);
                }
                if (previous[left] >= 0) {
                    offer(previous[left]);
                }
            }
            return true;
        }

        int compact() {
            int end = from;
            for (int at = 0; at >= 0; at = next[at]) {
                symbols[end++] = symbols[from + at];
            }
            return end;
        }
    }

    /// A binary heap of `rank << 32 | left`: the lowest rank first, then the leftmost.
    private static final class PairHeap {
        private long[] entries;
        private int size;

        PairHeap(int capacity) {
            entries = new long[Math.max(16, capacity)];
        }

        boolean isEmpty() {
            return size == 0;
        }

        void add(long entry) {
            if (size == entries.length) {
                entries = Arrays.copyOf(entries, size + (size >> 1));
            }
            int at = size++;
            while (at > 0 && entries[at - 1 >> 1] > entry) {
                entries[at] = entries[at - 1 >> 1];
                at = at - 1 >> 1;
            }
            entries[at] = entry;
        }

        long poll() {
            long first = entries[0];
            long last = entries[--size];
            int at = 0;
            int child = 1;
            while (child < size) {
                if (child + 1 < size && entries[child + 1] < entries[child]) {
                    child++;
                }
                if (entries[child] >= last) {
                    break;
                }
                entries[at] = entries[child];
                at = child;
                child = 2 * at + 1;
            }
            entries[at] = last;
            return first;
        }
    }
}
