package org.flinkllama.operators.conversation;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.flinkllama.model.generation.Outcome;
import org.flinkllama.operators.ScriptedModel;
import org.flinkllama.operators.TestTemplate;
import org.flinkllama.operators.conversation.prompt.ConversationProfile;
import org.flinkllama.operators.conversation.prompt.DialoguePrompts;
import org.flinkllama.operators.inference.plan.Inquiry;
import org.flinkllama.operators.inference.plan.Work;
import org.flinkllama.operators.reject.RecordRejectedException;
import org.flinkllama.operators.reject.Rejection;
import org.flinkllama.schemas.v1.Conversation;
import org.flinkllama.schemas.v1.InputRecord;
import org.flinkllama.schemas.v1.Reply;
import org.flinkllama.schemas.v1.Turn;
import org.flinkllama.schemas.v1.TurnKind;

/// A conversation with a scripted model, turn by turn.
final class ScriptedTalk {
    final ScriptedModel model;
    final RememberedConversation store = new RememberedConversation();
    final List<int[]> prompts = new ArrayList<>();
    private final Dialogue dialogue;
    private int turns;

    ScriptedTalk(ScriptedModel model, ConversationOptions options, int contextLength) {
        this.model = model;
        TestTemplate template = TestTemplate.STARTER;
        this.dialogue = new Dialogue(
                new ConversationModel(
                        "scripted",
                        "ab".repeat(32),
                        new DialoguePrompts(
                                ConversationProfile.chosen("auto", template.name()),
                                template,
                                model.tokenizer,
                                contextLength)),
                options);
    }

    /// What became of a turn.
    record Result(List<Reply> replies, Optional<Rejection> rejection) {
        Reply last() {
            return replies.getLast();
        }
    }

    static Turn.Builder turn(String turnId) {
        return Turn.newBuilder().setConversationId("c").setTurnId(turnId);
    }

    Result say(String text) {
        return take(turn("t" + turns++).setText(text).build());
    }

    Result take(TurnKind kind) {
        return take(turn("t" + turns++).setKind(kind).build());
    }

    TurnRun begin(Turn turn) throws Exception {
        return dialogue.begin(store, turn, new InputRecord("turns", 0, 7L, null, null, null, List.of()));
    }

    Result take(Turn turn) {
        try {
            TurnRun run = begin(turn);
            List<Reply> replies = new ArrayList<>(run.drain());
            List<Inquiry> open = new ArrayList<>(run.inquiries());
            while (!open.isEmpty()) {
                Inquiry inquiry = open.removeFirst();
                open.addAll(answer(run, inquiry));
                replies.addAll(run.drain());
            }
            return switch (run.end().orElseThrow()) {
                case Work.End.Done() -> {
                    run.finish();
                    yield new Result(replies, Optional.empty());
                }
                case Work.End.Rejected(Rejection rejection) -> {
                    replies.addAll(run.rejected(rejection));
                    yield new Result(replies, Optional.of(rejection));
                }
            };
        } catch (RecordRejectedException refused) {
            return new Result(List.of(), Optional.of(refused.rejection()));
        } catch (Exception unexpected) {
            throw new AssertionError(unexpected);
        }
    }

    private List<Inquiry> answer(TurnRun run, Inquiry inquiry) {
        prompts.add(inquiry.request().prompt());
        Outcome outcome = model.answer(inquiry.request());
        if (outcome instanceof Outcome.Generated generated) {
            int[] tokens = generated.completions().getFirst().tokens();
            for (int token : tokens) {
                run.generated(inquiry.id(), 0, token, new String(model.tokenizer.bytes(token), StandardCharsets.UTF_8));
            }
        }
        return run.outcome(inquiry.id(), outcome);
    }

    /// The words of the last prompt.
    String lastPrompt() {
        return model.tokenizer.text(prompts.getLast());
    }

    Conversation conversation() {
        return store.read().orElseThrow();
    }
}
