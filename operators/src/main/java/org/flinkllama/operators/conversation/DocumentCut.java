package org.flinkllama.operators.conversation;

import org.flinkllama.operators.conversation.prompt.DialoguePrompts;
import org.flinkllama.operators.task.text.Chunks;
import org.flinkllama.operators.task.text.Sentences;
import org.flinkllama.operators.task.text.TextSpan;
import org.flinkllama.schemas.v1.ConversationDocument;

/// The beginning of a document that a model can hold while it is talked to about it.
final class DocumentCut {
    /// A longer stretch surely takes more than the budget of tokens, and isn't counted.
    private static final int MOST_CHARACTERS_OF_A_TOKEN = 16;

    private DocumentCut() {}

    /// @param id        of the document; null where it has none
    /// @param maxTokens of the beginning; it ends with a sentence, or within the first where that is too long
    static ConversationDocument of(String id, String text, int maxTokens, DialoguePrompts prompts) {
        int end = 0;
        int tokens = 0;
        for (TextSpan sentence : Sentences.split(text)) {
            int room = maxTokens - tokens;
            boolean fits =
                    sentence.length() <= MOST_CHARACTERS_OF_A_TOKEN * room && prompts.count(sentence.of(text)) <= room;
            if (!fits) {
                end = end == 0 ? Chunks.cut(text, sentence, maxTokens, prompts::count) : end;
                break;
            }
            tokens += prompts.count(sentence.of(text));
            end = sentence.end();
        }
        return new ConversationDocument(id, text.substring(0, end), text.length() - end);
    }
}
