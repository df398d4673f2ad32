package org.flinkllama.model.generation;

/// Hears of one request, on the engine's thread: must be quick and must not throw.
public interface RequestListener {
    /// Text of a sequence grew by `text`, never half a character, never the beginning of a stop string. Sampled
    /// tokens are behind it one by one; `text` may be empty.
    default void generated(int sequence, int token, String text) {}

    /// The request has ended; nothing is heard of it any more.
    void ended(Outcome outcome);
}
