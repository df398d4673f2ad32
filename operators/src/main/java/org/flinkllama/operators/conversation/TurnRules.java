package org.flinkllama.operators.conversation;

import org.flinkllama.operators.conversation.ConversationOptions.TurnLimits;
import org.flinkllama.operators.reject.RecordRejectedException;
import org.flinkllama.operators.task.text.Surrogates;
import org.flinkllama.schemas.v1.Stage;
import org.flinkllama.schemas.v1.Turn;
import org.flinkllama.schemas.v1.TurnKind;

/// Rules that a turn keeps to be answered: it says whose it is and what it wants, in Unicode text of bounded
/// length.
public final class TurnRules {
    /// UTF-16 code units of an id or a tenant, at most: they are kept in state.
    public static final int MAX_ID_CHARACTERS = 256;

    private TurnRules() {}

    /// @throws RecordRejectedException where the turn breaks a rule; stage `VALIDATE`
    public static void check(Turn turn, TurnLimits limits) throws RecordRejectedException {
        require(
                turn.getKind() != TurnKind.UNKNOWN,
                "Field 'kind' is UNKNOWN; expected MESSAGE, RESET or END. Upgrade the job where a later version wrote "
                        + "the turn.");
        requireId("conversationId", turn.getConversationId());
        requireId("turnId", turn.getTurnId());
        if (turn.getTenant() != null) {
            requireId("tenant", turn.getTenant());
        }
        if (turn.getDocumentId() != null) {
            requireId("documentId", turn.getDocumentId());
        }
        boolean message = turn.getKind() == TurnKind.MESSAGE;
        require(
                !message || !turn.getText().isBlank(),
                "Field 'text' is empty; expected the user's words in a turn of the kind MESSAGE.");
        requireText("text", turn.getText(), limits.maxTurnCharacters(), "max-turn-characters");
        String document = turn.getDocumentText();
        if (document != null) {
            require(!document.isBlank(), "Field 'documentText' is empty; expected a text, or leave the field out.");
            requireText("documentText", document, limits.maxDocumentCharacters(), "max-document-characters");
        }
    }

    private static void requireId(String field, String id) throws RecordRejectedException {
        require(!id.isBlank(), "Field '" + field + "' is empty; expected what identifies it.");
        requireText(field, id, MAX_ID_CHARACTERS, null);
    }

    private static void requireText(String field, String text, int most, String option) throws RecordRejectedException {
        require(
                text.length() <= most,
                "Field '" + field + "' has " + text.length() + " characters; expected at most " + most
                        + (option == null ? "." : ". Shorten it or raise " + option + "."));
        int half = Surrogates.unpaired(text);
        require(
                half < 0,
                "Field '" + field + "' has half of a surrogate pair at character " + half
                        + "; expected Unicode text. Write the character whole or leave it out.");
    }

    private static void require(boolean kept, String message) throws RecordRejectedException {
        if (!kept) {
            throw RecordRejectedException.by(TurnRules.class, Stage.VALIDATE, message);
        }
    }
}
