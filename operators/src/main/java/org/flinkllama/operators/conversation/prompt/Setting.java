package org.flinkllama.operators.conversation.prompt;

/// What a conversation's first message stands behind.
///
/// @param system   the system message; empty for none
/// @param document the document that the conversation is about; empty for none
/// @param summary  what earlier turns said; empty for none
public record Setting(String system, String document, String summary) {
    public Setting withDocument(String other) {
        return new Setting(system, other, summary);
    }

    public Setting withSummary(String other) {
        return new Setting(system, document, other);
    }
}
