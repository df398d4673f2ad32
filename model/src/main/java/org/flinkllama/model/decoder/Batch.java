package org.flinkllama.model.decoder;

import org.flinkllama.model.cache.PageTable;

/// The tokens of one step, of any sequences in any mix. Tokens of one sequence stand in order of position;
/// everything before them is in the sequence's pages already. Reused from step to step.
public final class Batch {
    private final int[] tokens;
    private final int[] positions;
    private final PageTable[] tables;
    private final boolean[] wantsLogits;
    private int size;
    private int logitRows;

    public Batch(int capacity) {
        tokens = new int[capacity];
        positions = new int[capacity];
        tables = new PageTable[capacity];
        wantsLogits = new boolean[capacity];
    }

    /// Adds a token.
    ///
    /// @param table must have a page for `position`
    /// @return the row of the logits where `wantsLogits`, else −1
    public int add(int token, int position, PageTable table, boolean wantsLogits) {
        tokens[size] = token;
        positions[size] = position;
        tables[size] = table;
        this.wantsLogits[size] = wantsLogits;
        size++;
        return wantsLogits ? logitRows++ : -1;
    }

    public void clear() {
        size = 0;
        logitRows = 0;
    }

    public int capacity() {
        return tokens.length;
    }

    public int size() {
        return size;
    }

    /// Tokens that want logits.
    public int logitRows() {
        return logitRows;
    }

    /// One more than the highest position.
    public int positions() {
        int highest = -1;
        for (int i = 0; i < size; i++) {
            highest = Math.max(highest, positions[i]);
        }
        return highest + 1;
    }

    public int token(int index) {
        return tokens[index];
    }

    public int position(int index) {
        return positions[index];
    }

    public PageTable table(int index) {
        return tables[index];
    }

    public boolean wantsLogits(int index) {
        return wantsLogits[index];
    }
}
