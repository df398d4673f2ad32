package org.flinkllama.model.generation;

/// Hears of one request, on the engine's thread: must be quick and must not throw.
public interface RequestListener {
    /// A token of a sequence was sampled and its text grew by `text`, which may be empty: half a character and the
    /// beginning of what may become a stop string are held back. The texts of all calls, put together, are the text
    /// of the sequence's completion. A resumed request tells of the tokens it goes on from, too.
    ///
    /// @param logProbability natural logarithm of the token's probability, as in [Outcome.Completion]
    default void generated(int sequence, int token, float logProbability, String text) {}

    /// The request has ended; nothing is heard of it any more.
    void ended(Outcome outcome);
}
