package org.flinkllama.operators.converse.documents;

import java.io.Serializable;
import java.util.Optional;
import org.flinkllama.operators.conversation.ConversationKey;
import org.flinkllama.operators.format.conversation.TurnFormat;
import org.flinkllama.operators.reject.RecordRejectedException;
import org.flinkllama.schemas.v1.InputRecord;
import org.flinkllama.schemas.v1.Turn;

/// Which document a turn's record asks for.
record TurnDocuments(TurnFormat turns) implements Serializable {
    /// Key of the document that the turn names and does not bring; a document of its own tenant always.
    Optional<String> wanted(InputRecord record) {
        try {
            Turn turn = turns.read(record);
            return turn.getDocumentId() == null || turn.getDocumentText() != null
                    ? Optional.empty()
                    : Optional.of(ConversationKey.of(turn.getTenant(), turn.getDocumentId()));
        } catch (RecordRejectedException unreadable) {
            throw new IllegalStateException("A record was read as a turn before and can't be read now.", unreadable);
        }
    }

    /// Tells the record from all others of its stream.
    static String position(InputRecord record) {
        return record.getTopic() + "/" + record.getPartition() + "/" + record.getOffset();
    }
}
