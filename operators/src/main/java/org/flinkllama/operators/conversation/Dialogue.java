package org.flinkllama.operators.conversation;

import org.flinkllama.operators.conversation.prompt.Setting;
import org.flinkllama.operators.reject.RecordRejectedException;
import org.flinkllama.schemas.v1.InputRecord;
import org.flinkllama.schemas.v1.Turn;

/// Holds conversations with a model.
public record Dialogue(ConversationModel model, ConversationOptions options) {
    public Dialogue {
        int contextLength = model.prompts().contextLength();
        int least = model.prompts().opening(new Setting(system(model, options), "", ""), "x").length;
        int room = contextLength - options.reply().maxTokens();
        if (room < least) {
            throw new IllegalArgumentException("Option 'max-tokens' is "
                    + options.reply().maxTokens() + ", and the context of model '" + model.name() + "' has "
                    + contextLength + " tokens; the system prompt alone takes " + least
                    + ". Lower max-tokens, shorten the system prompt, or raise context-length.");
        }
    }

    /// Begins to work on a turn.
    ///
    /// @param record where the turn came from
    /// @throws RecordRejectedException where nothing can be asked for the turn
    public TurnRun begin(ConversationStore store, Turn turn, InputRecord record) throws Exception {
        TurnRules.check(turn, options.limits());
        TurnRun run = new TurnRun(this, store, turn, record);
        run.start();
        return run;
    }

    /// Tokens that a prompt may have.
    int budget() {
        return model.prompts().contextLength() - options.reply().maxTokens();
    }

    /// What the model is told first.
    String system() {
        return system(model, options);
    }

    private static String system(ConversationModel model, ConversationOptions options) {
        return options.systemPrompt().isEmpty() ? model.prompts().profile().system() : options.systemPrompt();
    }
}
