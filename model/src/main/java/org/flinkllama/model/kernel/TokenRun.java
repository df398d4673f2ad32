package org.flinkllama.model.kernel;

/// Consecutive tokens of a step that are consecutive positions of one sequence, and the pages of that sequence.
/// Reused from step to step.
public final class TokenRun {
    private CachePage[] pages = {};
    private int firstToken;
    private int firstPosition;
    private int tokens;

    /// Begins with one token of a step.
    ///
    /// @param sequencePages in order; each holds [Kernel#PAGE_POSITIONS] positions
    public void begin(CachePage[] sequencePages, int token, int position) {
        pages = sequencePages;
        firstToken = token;
        firstPosition = position;
        tokens = 1;
    }

    /// Takes the next token of the step in, which is the next position of the sequence.
    public void extend() {
        tokens++;
    }

    /// Pages of the sequence, in order.
    public CachePage[] pages() {
        return pages;
    }

    /// Number in the step of the first token.
    public int firstToken() {
        return firstToken;
    }

    /// Tokens of the run.
    public int tokens() {
        return tokens;
    }

    /// Positions that a token of the run looks at: its own and all before it.
    public int positions(int token) {
        return firstPosition + token + 1;
    }

    /// Positions that the tokens of the run look at, in all.
    public long attended() {
        return (long) tokens * firstPosition + (long) tokens * (tokens + 1) / 2;
    }
}
