package org.flinkllama.operators.conversation;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.flinkllama.model.generation.Outcome.Completion;
import org.flinkllama.schemas.v1.Conversation;
import org.flinkllama.schemas.v1.FinishReason;
import org.flinkllama.schemas.v1.InputRecord;
import org.flinkllama.schemas.v1.Provenance;
import org.flinkllama.schemas.v1.Reply;
import org.flinkllama.schemas.v1.SourcePosition;
import org.flinkllama.schemas.v1.Turn;

/// Writes the records of one reply: parts by count of tokens, so that they are cut alike whenever the turn is
/// worked on, and the last one with the whole text. The texts of the parts, put together, are what the whole text
/// begins with.
final class ReplyParts {
    private final Dialogue dialogue;
    private final Turn turn;
    private final InputRecord record;
    private final List<Reply> ready = new ArrayList<>();
    private final Map<String, FinishReason> finishReasons = new TreeMap<>();
    private final StringBuilder sent = new StringBuilder();
    private final StringBuilder unsent = new StringBuilder();
    private int promptTokens;
    private int completionTokens;
    private int generated;
    private int parts;
    private boolean begun;

    /// @param record where the turn came from
    ReplyParts(Dialogue dialogue, Turn turn, InputRecord record) {
        this.dialogue = dialogue;
        this.turn = turn;
        this.record = record;
    }

    /// Something was asked of the model for this reply.
    void asked(int tokens) {
        promptTokens += tokens;
    }

    /// The model answered what was asked.
    void answered(String id, Completion completion) {
        completionTokens += completion.tokens().length;
        finishReasons.put(
                id,
                switch (completion.finishReason()) {
                    case STOP -> FinishReason.STOP;
                    case LENGTH -> FinishReason.LENGTH;
                    case CONTEXT -> FinishReason.CONTEXT;
                });
    }

    /// A token of the reply was generated, which adds `text` to it.
    ///
    /// @param conversation that the reply goes on
    void generated(String text, Conversation conversation) {
        int every = dialogue.options().reply().streamTokens();
        if (every == 0) {
            return;
        }
        unsent.append(begun ? text : text.stripLeading());
        begun |= !unsent.isEmpty();
        generated++;
        if (generated % every == 0 && !unsent.isEmpty()) {
            ready.add(reply(false, unsent.toString(), completionTokens + generated, conversation));
            sent.append(unsent);
            unsent.setLength(0);
        }
    }

    /// The reply is complete.
    void last(String text, Conversation conversation) {
        ready.add(reply(true, text, completionTokens, conversation));
    }

    /// The reply will never be complete.
    ///
    /// @return its last part with the text that went out, where any did
    List<Reply> abandon(Conversation conversation) {
        return parts == 0
                ? List.of()
                : List.of(reply(true, sent.toString(), completionTokens + generated, conversation));
    }

    List<Reply> drain() {
        List<Reply> drained = List.copyOf(ready);
        ready.clear();
        return drained;
    }

    private Reply reply(boolean last, String text, int tokens, Conversation conversation) {
        return new Reply(
                turn.getConversationId(),
                turn.getTurnId(),
                parts++,
                last,
                text,
                conversation.getDroppedTurns(),
                conversation.getSummarizedTurns(),
                conversation.getDocument() == null
                        ? 0
                        : conversation.getDocument().getDroppedCharacters(),
                turn.getTenant(),
                provenance(tokens));
    }

    private Provenance provenance(int tokens) {
        ConversationModel model = dialogue.model();
        SortedMap<String, String> options = dialogue.options().asMap();
        options.put("context-length", Integer.toString(model.prompts().contextLength()));
        return new Provenance(
                model.name(),
                model.sha256(),
                model.prompts().profile().id(),
                options,
                promptTokens,
                tokens,
                new TreeMap<>(finishReasons),
                new SourcePosition(record.getTopic(), record.getPartition(), record.getOffset()));
    }
}
