package org.flinkllama.operators.task;

import java.util.List;
import java.util.Map;
import org.flinkllama.operators.reject.RecordRejectedException;
import org.flinkllama.operators.task.text.Surrogates;
import org.flinkllama.schemas.v1.Document;
import org.flinkllama.schemas.v1.Stage;

/// Rules that a document keeps to be worked on: it has an id and a text, neither blank, the text is not too long,
/// and every string is Unicode text. A string with half of a surrogate pair is none: it could not be written again
/// as it was, and offsets into it would mean nothing.
public final class DocumentRules {
    /// Questions to one document, at most.
    public static final int MAX_QUESTIONS = 64;

    private DocumentRules() {}

    /// @throws RecordRejectedException where the document breaks a rule; stage `VALIDATE`
    public static void check(Document document, int maxDocumentCharacters) throws RecordRejectedException {
        require(!document.getId().isBlank(), "Field 'id' is empty; expected what identifies the document.");
        String text = document.getText();
        require(!text.isBlank(), "Field 'text' is empty; expected the text to read.");
        require(
                text.length() <= maxDocumentCharacters,
                "Field 'text' has " + text.length() + " characters; expected at most " + maxDocumentCharacters
                        + ". Split the document or raise max-document-characters.");
        List<String> questions = document.getQuestions();
        require(
                questions.size() <= MAX_QUESTIONS,
                "Field 'questions' has " + questions.size() + " questions; expected at most " + MAX_QUESTIONS + ".");
        for (String question : questions) {
            require(!question.isBlank(), "Field 'questions' has an empty question; expected a text in each.");
            requireUnicode("questions", question);
        }
        requireUnicode("id", document.getId());
        requireUnicode("text", text);
        requireUnicode("title", document.getTitle());
        requireUnicode("language", document.getLanguage());
        requireUnicode("tenant", document.getTenant());
        for (Map.Entry<String, String> attribute : document.getAttributes().entrySet()) {
            requireUnicode("attributes", attribute.getKey());
            requireUnicode("attributes", attribute.getValue());
        }
    }

    private static void requireUnicode(String field, String text) throws RecordRejectedException {
        int half = text == null ? -1 : Surrogates.unpaired(text);
        require(
                half < 0,
                "Field '" + field + "' has half of a surrogate pair at character " + half
                        + "; expected Unicode text. Write the character whole or leave it out.");
    }

    private static void require(boolean kept, String message) throws RecordRejectedException {
        if (!kept) {
            throw RecordRejectedException.by(DocumentRules.class, Stage.VALIDATE, message);
        }
    }
}
