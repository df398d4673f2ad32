package org.flinkllama.model.chat;

import java.util.List;

/// The embedded model's own: `<s>`, then `<|user|>TEXT<|end|>` and `<|assistant|>TEXT<|end|>` in turn. A system
/// message is put in front of the user's next message, a newline between.
final class FlinkLlamaTemplate implements ChatTemplate {
    @Override
    public String name() {
        return "flink-llama";
    }

    @Override
    public Prompt render(List<Message> messages) {
        PromptWriter writer = new PromptWriter().control("<s>");
        for (Turn turn : Turn.of(messages)) {
            switch (turn) {
                case Turn.User user -> writer.control("<|user|>").text(text(user));
                case Turn.Assistant(String content) ->
                    writer.control("<|assistant|>").text(content);
            }
            writer.control("<|end|>");
        }
        return writer.control("<|assistant|>").prompt();
    }

    private static String text(Turn.User user) {
        if (user.system().isEmpty()) {
            return user.content();
        }
        String system = user.system().get();
        return user.content().isEmpty() ? system : system + "\n" + user.content();
    }
}
