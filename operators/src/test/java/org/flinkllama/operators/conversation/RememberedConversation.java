package org.flinkllama.operators.conversation;

import java.util.Optional;
import org.flinkllama.schemas.v1.Conversation;

/// Keeps one conversation on the heap, as a copy, the way state does.
public final class RememberedConversation implements ConversationStore {
    private Conversation conversation; // null before the first turn
    private int writes;

    @Override
    public Optional<Conversation> read() {
        return Optional.ofNullable(conversation).map(Conversation::newBuilder).map(Conversation.Builder::build);
    }

    @Override
    public void write(Conversation written) {
        conversation = Conversation.newBuilder(written).build();
        writes++;
    }

    /// How often a turn has changed the conversation.
    public int writes() {
        return writes;
    }
}
