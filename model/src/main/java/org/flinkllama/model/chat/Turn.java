package org.flinkllama.model.chat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// One message of a chat as models read it that know two speakers only: system messages have gone into the user's
/// message behind them.
sealed interface Turn {
    /// What the user says, and the system text that goes with it. A system text that no user message follows stands
    /// alone, with empty content.
    record User(Optional<String> system, String content) implements Turn {}

    /// What the assistant said.
    record Assistant(String content) implements Turn {}

    /// The turns of `messages`; neighbouring system messages are joined by a newline.
    static List<Turn> of(List<Message> messages) {
        List<Turn> turns = new ArrayList<>();
        Optional<String> system = Optional.empty();
        for (Message message : messages) {
            String content = message.content();
            switch (message.role()) {
                case SYSTEM ->
                    system = Optional.of(
                            system.map(text -> text + "\n" + content).orElse(content));
                case USER -> {
                    turns.add(new User(system, content));
                    system = Optional.empty();
                }
                case ASSISTANT -> {
                    system.ifPresent(text -> turns.add(new User(Optional.of(text), "")));
                    turns.add(new Assistant(content));
                    system = Optional.empty();
                }
            }
        }
        system.ifPresent(text -> turns.add(new User(Optional.of(text), "")));
        return turns;
    }
}
