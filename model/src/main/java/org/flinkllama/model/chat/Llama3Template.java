package org.flinkllama.model.chat;

import java.util.List;

/// Llama 3's: `<|begin_of_text|>`, then `<|start_header_id|>ROLE<|end_header_id|>\n\nTEXT<|eot_id|>` for each
/// message. Contents lose white space at both ends.
final class Llama3Template implements ChatTemplate {
    @Override
    public String name() {
        return "llama3";
    }

    @Override
    public Prompt render(List<Message> messages) {
        PromptWriter writer = new PromptWriter().control("<|begin_of_text|>");
        for (Message message : messages) {
            header(writer, message.role()).text(message.content().strip()).control("<|eot_id|>");
        }
        return header(writer, Message.Role.ASSISTANT).prompt();
    }

    private static PromptWriter header(PromptWriter writer, Message.Role role) {
        return writer.control("<|start_header_id|>")
                .text(role.word())
                .control("<|end_header_id|>")
                .text("\n\n");
    }
}
