package org.flinkllama.model.chat;

import java.util.List;

/// Llama 2's: `<s>[INST] <<SYS>>\nSYSTEM\n<</SYS>>\n\nUSER [/INST] ASSISTANT</s>` for each exchange, where
/// `<<SYS>><</SYS>>` stands for no system message. Contents lose white space at both ends.
final class Llama2Template implements ChatTemplate {
    @Override
    public String name() {
        return "llama2";
    }

    @Override
    public Prompt render(List<Message> messages) {
        PromptWriter writer = new PromptWriter();
        for (Turn turn : Turn.of(messages)) {
            switch (turn) {
                case Turn.User user ->
                    writer.control("<s>")
                            .text("[INST] " + system(user) + "\n\n"
                                    + user.content().strip() + " [/INST]");
                case Turn.Assistant(String content) ->
                    writer.text(" " + content.strip()).control("</s>");
            }
        }
        return writer.prompt();
    }

    private static String system(Turn.User user) {
        return user.system()
                .map(text -> "<<SYS>>\n" + text.strip() + "\n<</SYS>>")
                .orElse("<<SYS>><</SYS>>");
    }
}
