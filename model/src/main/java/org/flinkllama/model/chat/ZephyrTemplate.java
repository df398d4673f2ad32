package org.flinkllama.model.chat;

import java.util.List;

/// Zephyr's, which TinyLlama's chat model shares: `<|ROLE|>\nTEXT</s>\n` for each message. No beginning of
/// sequence.
final class ZephyrTemplate implements ChatTemplate {
    @Override
    public String name() {
        return "zephyr";
    }

    @Override
    public Prompt render(List<Message> messages) {
        PromptWriter writer = new PromptWriter();
        for (Message message : messages) {
            header(writer, message.role())
                    .text(message.content())
                    .control("</s>")
                    .text("\n");
        }
        return header(writer, Message.Role.ASSISTANT).prompt();
    }

    private static PromptWriter header(PromptWriter writer, Message.Role role) {
        return writer.control("<|" + role.word() + "|>").text("\n");
    }
}
