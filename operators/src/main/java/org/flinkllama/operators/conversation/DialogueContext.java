package org.flinkllama.operators.conversation;

import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.flinkllama.operators.conversation.prompt.DialoguePrompts;
import org.flinkllama.operators.conversation.prompt.Setting;
import org.flinkllama.schemas.v1.Exchange;

/// What the model reads for a turn: the setting, the exchanges that are kept, and the user's message.
///
/// @param exchanges the oldest first; the tokens of their replies are those of this model
record DialogueContext(DialoguePrompts prompts, Setting setting, List<Exchange> exchanges, String message) {
    /// Tokens up to where the model answers, without the oldest `dropped` exchanges.
    int[] prompt(int dropped) {
        IntStream.Builder tokens = IntStream.builder();
        add(tokens, prompts.opening(setting, message(dropped)));
        for (int index = dropped; index < exchanges.size(); index++) {
            add(tokens, reply(index));
            add(tokens, prompts.next(setting, message(index + 1)));
        }
        return tokens.build().toArray();
    }

    /// How many of the oldest exchanges must be dropped at least; empty where the setting and the message alone
    /// take more than `budget` tokens.
    OptionalInt fewestDropped(int budget) {
        int[] behind = new int[exchanges.size() + 1]; // tokens behind the opening, by exchanges dropped
        for (int index = exchanges.size() - 1; index >= 0; index--) {
            behind[index] = behind[index + 1] + reply(index).length + prompts.next(setting, message(index + 1)).length;
        }
        for (int dropped = 0; dropped <= exchanges.size(); dropped++) {
            if (behind[dropped] < budget
                    && behind[dropped] + prompts.opening(setting, message(dropped)).length <= budget) {
                return OptionalInt.of(dropped);
            }
        }
        return OptionalInt.empty();
    }

    private String message(int index) {
        return index < exchanges.size() ? exchanges.get(index).getMessage() : message;
    }

    private int[] reply(int index) {
        return exchanges.get(index).getReplyTokens().stream()
                .mapToInt(Integer::intValue)
                .toArray();
    }

    private static void add(IntStream.Builder tokens, int[] more) {
        for (int token : more) {
            tokens.add(token);
        }
    }
}
