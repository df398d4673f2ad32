package org.flinkllama.operators.conversation;

import java.util.Optional;
import org.flinkllama.schemas.v1.Conversation;

/// Where a conversation is kept between its turns.
public interface ConversationStore {
    /// The conversation as its last turn left it; empty before its first.
    Optional<Conversation> read() throws Exception;

    /// Keeps it for the next turn.
    void write(Conversation conversation) throws Exception;
}
