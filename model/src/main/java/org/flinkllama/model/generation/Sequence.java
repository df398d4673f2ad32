package org.flinkllama.model.generation;

import java.util.Arrays;
import org.flinkllama.model.cache.PageTable;

/// Tokens whose keys and values are computed in order. Positions 0 until `computed` are in the pages.
final class Sequence {
    final Run run;
    final int index;
    final boolean wantsEveryLogit;
    PageTable pages;
    int computed;
    int scheduled;
    int firstLogitRow;
    boolean begun;
    boolean ended;
    boolean failed;
    private int[] tokens;
    private int length;

    /// @param index           number of the sequence in its run
    /// @param tokens          tokens at positions 0 until `tokens.length`
    /// @param computed        of these, already in the pages
    /// @param wantsEveryLogit whether every token's logits are needed, or the last one's alone
    Sequence(Run run, int index, PageTable pages, int[] tokens, int computed, boolean wantsEveryLogit) {
        this.run = run;
        this.index = index;
        this.pages = pages;
        this.tokens = tokens.clone();
        this.length = tokens.length;
        this.computed = computed;
        this.wantsEveryLogit = wantsEveryLogit;
    }

    int length() {
        return length;
    }

    /// The tokens; positions 0 until [#length()] are in use.
    int[] tokens() {
        return tokens;
    }

    int token(int position) {
        return tokens[position];
    }

    int uncomputed() {
        return length - computed;
    }

    void append(int token) {
        if (length == tokens.length) {
            tokens = Arrays.copyOf(tokens, Math.max(16, 2 * length));
        }
        tokens[length++] = token;
    }

    int[] tokens(int from) {
        return Arrays.copyOfRange(tokens, from, length);
    }
}
