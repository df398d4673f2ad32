package org.flinkllama.operators;

import java.util.ArrayList;
import java.util.List;
import org.flinkllama.model.chat.ChatTemplate;
import org.flinkllama.model.chat.Message;
import org.flinkllama.model.chat.Prompt;
import org.flinkllama.model.chat.Prompt.Piece;

/// Chat templates of the shapes that models have: control tokens around each message, as the bundled model's, or an
/// answer that begins behind white space, as in ChatML.
///
/// @param lead text between the assistant's control token and its message
public record TestTemplate(String name, String lead) implements ChatTemplate {
    public static final TestTemplate STARTER = new TestTemplate("flink-llama", "");
    public static final TestTemplate INSTRUCT = new TestTemplate("chatml", "\n");

    @Override
    public Prompt render(List<Message> messages) {
        List<Piece> pieces = new ArrayList<>();
        pieces.add(new Piece.Control("<s>"));
        for (Message message : messages) {
            boolean assistant = message.role() == Message.Role.ASSISTANT;
            pieces.add(new Piece.Control(assistant ? "<|assistant|>" : "<|user|>"));
            pieces.add(new Piece.Text(assistant ? lead + message.content() : message.content()));
            pieces.add(new Piece.Control("<|end|>"));
        }
        pieces.add(new Piece.Control("<|assistant|>"));
        pieces.add(new Piece.Text(lead));
        return new Prompt(pieces);
    }
}
