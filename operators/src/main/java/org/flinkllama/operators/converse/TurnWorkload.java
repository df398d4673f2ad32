package org.flinkllama.operators.converse;

import java.time.Duration;
import org.apache.flink.api.common.state.KeyedStateStore;
import org.apache.flink.util.FlinkRuntimeException;
import org.flinkllama.operators.conversation.ConversationModel;
import org.flinkllama.operators.conversation.ConversationOptions;
import org.flinkllama.operators.conversation.ConversationStore;
import org.flinkllama.operators.conversation.Dialogue;
import org.flinkllama.operators.converse.documents.AttachedDocument;
import org.flinkllama.operators.format.conversation.TurnFormat;
import org.flinkllama.operators.format.registry.RegistryException;
import org.flinkllama.operators.inference.plan.Worker;
import org.flinkllama.operators.inference.plan.Workload;
import org.flinkllama.operators.reject.RecordRejectedException;
import org.flinkllama.operators.replica.ModelCard;
import org.flinkllama.schemas.v1.InputRecord;
import org.flinkllama.schemas.v1.Reply;
import org.flinkllama.schemas.v1.Turn;

/// Answers turns in conversations that are kept in keyed state.
///
/// @param turns      how a turn stands in its record
/// @param timeToLive how long a conversation is kept behind its last turn
record TurnWorkload(TurnFormat turns, ConversationOptions options, Duration timeToLive) implements Workload<Reply> {
    @Override
    public Worker<Reply> open(ModelCard card, KeyedStateStore state) {
        Dialogue dialogue = new Dialogue(ConversationModel.of(card, options.prompting()), options);
        ConversationStore conversations = KeyedConversations.of(state, timeToLive);
        turns.prepare();
        return record -> {
            Turn turn = read(record);
            AttachedDocument.of(record).ifPresent(turn::setDocumentText);
            return dialogue.begin(conversations, turn, record);
        };
    }

    /// No fault of the record leaves as one: a registry that is down fails the task, not the turn.
    private Turn read(InputRecord record) throws RecordRejectedException {
        try {
            return turns.read(record);
        } catch (RegistryException e) {
            throw new FlinkRuntimeException(e.getMessage(), e);
        }
    }
}
