package org.flinkllama.operators.conversation;

/// What is done where a conversation no longer fits the model's context.
public enum OverflowAction {
    /// The oldest turns are forgotten.
    DROP_OLDEST,
    /// The older half of the turns is summarised by the model, and the summary kept in their place.
    SUMMARIZE,
    /// The turn is refused.
    REJECT
}
