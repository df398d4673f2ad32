package org.flinkllama.operators.conversation;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.flinkllama.model.generation.Outcome;
import org.flinkllama.model.generation.Outcome.Completion;
import org.flinkllama.model.generation.Request;
import org.flinkllama.model.sampling.TokenConstraint;
import org.flinkllama.operators.conversation.prompt.Setting;
import org.flinkllama.operators.inference.plan.Inquiry;
import org.flinkllama.operators.inference.plan.Work;
import org.flinkllama.operators.reject.RecordRejectedException;
import org.flinkllama.operators.reject.Rejection;
import org.flinkllama.schemas.v1.Conversation;
import org.flinkllama.schemas.v1.ConversationDocument;
import org.flinkllama.schemas.v1.InputRecord;
import org.flinkllama.schemas.v1.Reply;
import org.flinkllama.schemas.v1.Stage;
import org.flinkllama.schemas.v1.Turn;

/// One turn's whole run: it asks for a reply, and before that for a summary where the options want one, and ends
/// with the last part of the reply. The conversation is written back when the run is finished, and not at all where
/// the turn is refused, so that it can come again. Belongs to one thread.
public final class TurnRun implements Work<Reply> {
    static final String SUMMARY = "summary";
    static final String REPLY = "reply";

    private final Dialogue dialogue;
    private final ConversationStore store;
    private final Turn turn;
    private final String scope;
    private final Transcript transcript;
    private final ReplyParts replies;
    private final List<Inquiry> first = new ArrayList<>();
    private int summarizing; // exchanges that the awaited summary stands for
    private boolean summaryAsked;
    private boolean duplicate;
    private Work.End end; // null while the run goes on

    TurnRun(Dialogue dialogue, ConversationStore store, Turn turn, InputRecord record) throws Exception {
        this.dialogue = dialogue;
        this.store = store;
        this.turn = turn;
        this.scope = ConversationKey.of(turn);
        this.transcript = new Transcript(store.read());
        this.replies = new ReplyParts(dialogue, turn, record);
    }

    void start() throws RecordRejectedException {
        if (transcript.answered(turn.getTurnId())) {
            duplicate = true;
            end = new Work.End.Done();
            return;
        }
        switch (turn.getKind()) {
            case MESSAGE -> {
                takeDocument();
                transcript.retokenize(
                        dialogue.model().sha256(), dialogue.model().prompts()::reply);
                first.add(plan());
            }
            case RESET -> {
                transcript.reset();
                takeDocument();
                acknowledge();
            }
            case END -> {
                transcript.reset();
                transcript.document(null);
                acknowledge();
            }
            case UNKNOWN -> throw new IllegalStateException("A turn of the kind UNKNOWN breaks the rules.");
        }
    }

    /// The conversation as it will be for the next turn.
    Conversation conversation() {
        return transcript.conversation();
    }

    @Override
    public List<Inquiry> inquiries() {
        return List.copyOf(first);
    }

    @Override
    public void generated(String id, int sequence, int token, String text) {
        if (id.equals(REPLY)) {
            replies.generated(text, transcript.conversation());
        }
    }

    @Override
    public List<Inquiry> outcome(String id, Outcome outcome) {
        return switch (outcome) {
            case Outcome.Failed(String reason) -> reject(Stage.INFERENCE, "The " + id + " failed: " + reason);
            case Outcome.Scored _ -> throw new IllegalStateException("The engine scored where it was asked for text.");
            case Outcome.Generated(List<Completion> completions, int _) -> {
                replies.answered(id, completions.getFirst());
                yield id.equals(SUMMARY) ? summarized(completions.getFirst()) : replied(completions.getFirst());
            }
        };
    }

    @Override
    public List<Reply> drain() {
        return replies.drain();
    }

    @Override
    public Optional<Work.End> end() {
        return Optional.ofNullable(end);
    }

    @Override
    public void finish() throws Exception {
        if (!duplicate) {
            transcript.remember(turn.getTurnId());
            store.write(transcript.conversation());
        }
    }

    /// A reply that was begun gets its last part, without a finish reason, beside the dead letter.
    @Override
    public List<Reply> rejected(Rejection rejection) {
        return replies.abandon(transcript.conversation());
    }

    private void takeDocument() throws RecordRejectedException {
        String id = turn.getDocumentId();
        String text = turn.getDocumentText();
        if (text != null) {
            int overhead = dialogue.model().prompts().opening(new Setting(dialogue.system(), "", ""), "x").length;
            int share = (dialogue.budget() - overhead) * 2 / 3; // the rest is for what is said
            transcript.document(DocumentCut.of(
                    id, text, Math.max(1, share), dialogue.model().prompts()));
        } else if (id != null
                && transcript
                        .document()
                        .filter(known -> id.equals(known.getId()))
                        .isEmpty()) {
            throw RecordRejectedException.by(
                    TurnRun.class,
                    Stage.VALIDATE,
                    "Field 'documentId' names a document that this conversation does not have, and there is no "
                            + "'documentText'. Send the text with the turn, or give the job a topic of documents.");
        }
    }

    private void acknowledge() {
        replies.last("", transcript.conversation());
        end = new Work.End.Done();
    }

    /// Asks for the reply, or for a summary first.
    private Inquiry plan() throws RecordRejectedException {
        DialogueContext context = context();
        OptionalInt fewest = context.fewestDropped(dialogue.budget());
        if (fewest.isEmpty() && !transcript.conversation().getSummary().isEmpty()) {
            transcript.dropSummary();
            return plan();
        }
        int all = context.exchanges().size();
        int dropped = fewest.orElseThrow(() -> overflow(context.prompt(all), "without any earlier turn"));
        if (dropped > 0) {
            switch (dialogue.options().overflow().action()) {
                case REJECT -> throw overflow(context.prompt(0), "with all earlier turns");
                case SUMMARIZE -> {
                    Optional<Inquiry> summary = summaryAsked ? Optional.empty() : summarize(context);
                    if (summary.isPresent()) {
                        return summary.get();
                    }
                    transcript.drop(dropped);
                }
                case DROP_OLDEST -> transcript.drop(dropped);
            }
        }
        return ask(REPLY, context().prompt(0), dialogue.options().reply().maxTokens());
    }

    private RecordRejectedException overflow(int[] prompt, String extent) {
        return RecordRejectedException.by(
                TurnRun.class,
                Stage.PROMPT,
                "The prompt has " + prompt.length + " tokens " + extent + "; the context holds "
                        + dialogue.model().prompts().contextLength() + " and "
                        + dialogue.options().reply().maxTokens()
                        + " are kept for the reply. Send less text, reset the conversation, or lower max-tokens.");
    }

    /// Asks for a summary of the older half of the exchanges, or of more where that gives no room for it.
    private Optional<Inquiry> summarize(DialogueContext context) {
        int maxTokens = dialogue.options().overflow().summaryMaxTokens();
        int needed = context.fewestDropped(dialogue.budget() - maxTokens)
                .orElse(context.exchanges().size());
        int exchanges = Math.max(needed, (context.exchanges().size() + 1) / 2);
        int room = dialogue.model().prompts().contextLength() - maxTokens;
        for (int forgotten = 0; forgotten < exchanges; forgotten++) {
            int[] prompt = dialogue.model().prompts().summarize(lines(forgotten, exchanges));
            if (prompt.length <= room) {
                transcript.drop(forgotten);
                summarizing = exchanges - forgotten;
                summaryAsked = true;
                return Optional.of(ask(SUMMARY, prompt, maxTokens));
            }
        }
        return Optional.empty();
    }

    private String lines(int from, int to) {
        StringBuilder lines = new StringBuilder();
        String earlier = transcript.conversation().getSummary();
        if (!earlier.isEmpty()) {
            lines.append(earlier).append('\n');
        }
        transcript
                .conversation()
                .getExchanges()
                .subList(from, to)
                .forEach(exchange ->
                        lines.append(dialogue.model().prompts().lines(exchange.getMessage(), exchange.getReply())));
        return lines.toString().strip();
    }

    private List<Inquiry> summarized(Completion completion) {
        String summary = completion.text().strip();
        if (summary.isEmpty()) {
            transcript.drop(summarizing);
        } else {
            transcript.summarize(summarizing, summary);
        }
        try {
            return List.of(plan());
        } catch (RecordRejectedException refused) {
            end = new Work.End.Rejected(refused.rejection());
            return List.of();
        }
    }

    private List<Inquiry> replied(Completion completion) {
        String text = completion.text().stripLeading();
        transcript.answer(turn.getText(), text, completion);
        replies.last(text, transcript.conversation());
        end = new Work.End.Done();
        return List.of();
    }

    private List<Inquiry> reject(Stage stage, String message) {
        end = new Work.End.Rejected(Rejection.by(TurnRun.class, stage, message));
        return List.of();
    }

    private Inquiry ask(String id, int[] prompt, int maxTokens) {
        replies.asked(prompt.length);
        Request request = new Request.Generate(
                prompt, dialogue.options().reply().sampling(), 1, maxTokens, List.of(), TokenConstraint.NONE);
        return new Inquiry(id, scope, request);
    }

    private DialogueContext context() {
        String document =
                transcript.document().map(ConversationDocument::getText).orElse("");
        Conversation conversation = transcript.conversation();
        return new DialogueContext(
                dialogue.model().prompts(),
                new Setting(dialogue.system(), document, conversation.getSummary()),
                conversation.getExchanges(),
                turn.getText());
    }
}
