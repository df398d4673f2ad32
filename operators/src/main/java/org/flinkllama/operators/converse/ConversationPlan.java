package org.flinkllama.operators.converse;

import java.io.Serializable;
import java.time.Duration;
import org.flinkllama.operators.conversation.ConversationOptions;
import org.flinkllama.operators.converse.documents.DocumentLookup;
import org.flinkllama.operators.format.RecordFormat;
import org.flinkllama.operators.format.conversation.TurnFormat;
import org.flinkllama.operators.inference.plan.InferenceOptions;
import org.flinkllama.operators.replica.ReplicaSource;

/// What a conversation pipeline does, but for where records come from and go to.
///
/// @param turns   how a turn stands in its record
/// @param options how turns are answered
/// @param memory  how long things are kept
/// @param replica opens each subtask's replica
public record ConversationPlan(
        TurnFormat turns, ConversationOptions options, Memory memory, ReplicaSource replica, InferenceOptions inference)
        implements Serializable {
    /// How long things are kept.
    ///
    /// @param timeToLive of a conversation, behind its last turn
    /// @param documents  how documents are kept that turns name, where there is a stream of them
    public record Memory(Duration timeToLive, DocumentLookup documents) implements Serializable {
        public static final Memory DEFAULT = new Memory(Duration.ofDays(1), DocumentLookup.DEFAULT);

        public Memory {
            if (timeToLive.toMillis() < 1) {
                throw new IllegalArgumentException(
                        "Option 'conversation-ttl' is " + timeToLive + "; expected a millisecond or more.");
            }
        }
    }

    /// With twice as many turns in flight as a replica computes requests at once.
    public static ConversationPlan of(RecordFormat turns, ConversationOptions options, ReplicaSource replica) {
        return of(TurnFormat.of(turns), options, replica);
    }

    /// With twice as many turns in flight as a replica computes requests at once.
    public static ConversationPlan of(TurnFormat turns, ConversationOptions options, ReplicaSource replica) {
        return new ConversationPlan(
                turns, options, Memory.DEFAULT, replica, InferenceOptions.of(2 * replica.maxSequences()));
    }

    public ConversationPlan withMemory(Memory other) {
        return new ConversationPlan(turns, options, other, replica, inference);
    }

    public ConversationPlan withInference(InferenceOptions other) {
        return new ConversationPlan(turns, options, memory, replica, other);
    }
}
