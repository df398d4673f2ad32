package org.flinkllama.model.chat;

import java.util.List;

/// ChatML: `<|im_start|>ROLE\nTEXT<|im_end|>\n` for each message, as SmolLM2 and many fine-tuned models have it. No
/// beginning of sequence, and no system message where none is given.
final class ChatMlTemplate implements ChatTemplate {
    @Override
    public String name() {
        return "chatml";
    }

    @Override
    public Prompt render(List<Message> messages) {
        PromptWriter writer = new PromptWriter();
        for (Message message : messages) {
            header(writer, message.role())
                    .text(message.content())
                    .control("<|im_end|>")
                    .text("\n");
        }
        return header(writer, Message.Role.ASSISTANT).prompt();
    }

    private static PromptWriter header(PromptWriter writer, Message.Role role) {
        return writer.control("<|im_start|>").text(role.word() + "\n");
    }
}
