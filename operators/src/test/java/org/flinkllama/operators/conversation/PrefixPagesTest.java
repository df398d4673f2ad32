package org.flinkllama.operators.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.flinkllama.model.generation.Engine;
import org.flinkllama.model.generation.EngineOptions;
import org.flinkllama.model.generation.Outcome;
import org.flinkllama.model.generation.RequestListener;
import org.flinkllama.model.llama.BundledModel;
import org.flinkllama.model.llama.LlamaModel;
import org.flinkllama.model.sampling.SamplingOptions;
import org.flinkllama.operators.conversation.ConversationOptions.ReplyOptions;
import org.flinkllama.operators.inference.plan.Inquiry;
import org.flinkllama.operators.replica.ModelCard;
import org.flinkllama.operators.task.PromptChoice;
import org.flinkllama.schemas.v1.InputRecord;
import org.flinkllama.schemas.v1.Turn;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// What the next turn of a conversation costs, with the bundled model: pages of sixteen positions stay in the
/// cache.
class PrefixPagesTest {
    private static final String DOCUMENT = "The harbour bridge in Port Ellery was opened to traffic again on Saturday "
            + "after fourteen months of repairs. The works cost 31 million euros, two million more than planned. "
            + "Mayor Ines Calder cut the ribbon, and the first bus crossed at noon.";
    private static final List<String> QUESTIONS = List.of(
            "How much did the works cost?",
            "Who cut the ribbon?",
            "When was the bridge opened?",
            "How long did the repairs take?",
            "When did the first bus cross?");
    private static final int PAGE = 16;

    private static LlamaModel model;

    @BeforeAll
    static void open() throws IOException {
        model = LlamaModel.open(BundledModel.file());
    }

    @AfterAll
    static void close() {
        model.close();
    }

    /// One turn as the engine saw it.
    private record Cost(int promptTokens, long shared, String reply) {}

    @Test
    void readsOnlyWhatIsNewForTheNextTurn() throws Exception {
        try (Engine engine = new Engine(model, EngineOptions.of(1))) {
            List<Cost> warm = costs(engine);
            for (int turn = 1; turn < warm.size(); turn++) {
                int before = warm.get(turn - 1).promptTokens();
                assertThat(warm.get(turn).shared()).isGreaterThanOrEqualTo(before / PAGE * PAGE);
                assertThat(warm.get(turn).shared()).isEqualTo(warm.get(turn).shared() / PAGE * PAGE);
            }
            Cost fifth = warm.get(4);
            assertThat(fifth.promptTokens() - fifth.shared()).isLessThan(fifth.promptTokens() / 4);
        }
    }

    @Test
    void givesTheSameRepliesWhereNothingIsShared() throws Exception {
        List<String> warm;
        try (Engine engine = new Engine(model, EngineOptions.of(1))) {
            warm = costs(engine).stream().map(Cost::reply).toList();
        }
        List<Cost> cold = new ArrayList<>();
        RememberedConversation store = new RememberedConversation();
        for (int turn = 0; turn < QUESTIONS.size(); turn++) {
            try (Engine engine = new Engine(model, EngineOptions.of(1))) {
                cold.add(cost(engine, store, turn, "c"));
            }
        }
        assertThat(cold).extracting(Cost::reply).isEqualTo(warm);
        assertThat(cold).extracting(Cost::shared).containsOnly(0L);
    }

    @Test
    void sharesNoPagesWithAnotherConversationOrTenant() throws Exception {
        try (Engine engine = new Engine(model, EngineOptions.of(1))) {
            assertThat(cost(engine, new RememberedConversation(), 0, "c").shared())
                    .isZero();
            assertThat(cost(engine, new RememberedConversation(), 0, "d").shared())
                    .isZero();
            assertThat(cost(engine, new RememberedConversation(), 0, "c", "north")
                            .shared())
                    .isZero();
            assertThat(cost(engine, new RememberedConversation(), 0, "c", "south")
                            .shared())
                    .isZero();
            assertThat(cost(engine, new RememberedConversation(), 0, "c", "south")
                            .shared())
                    .isPositive();
        }
    }

    private static List<Cost> costs(Engine engine) throws Exception {
        RememberedConversation store = new RememberedConversation();
        List<Cost> costs = new ArrayList<>();
        for (int turn = 0; turn < QUESTIONS.size(); turn++) {
            costs.add(cost(engine, store, turn, "c"));
        }
        return costs;
    }

    private static Cost cost(Engine engine, ConversationStore store, int turn, String conversation) throws Exception {
        return cost(engine, store, turn, conversation, null);
    }

    private static Cost cost(Engine engine, ConversationStore store, int turn, String conversation, String tenant)
            throws Exception {
        ModelCard card = new ModelCard(
                model.name(), model.sha256(), model.tokenizer(), model.chatTemplate(), engine.contextLength());
        ConversationOptions options =
                ConversationOptions.DEFAULT.withReply(new ReplyOptions(32, SamplingOptions.GREEDY, 0));
        Dialogue dialogue = new Dialogue(ConversationModel.of(card, PromptChoice.AUTO), options);
        Turn asked = Turn.newBuilder()
                .setConversationId(conversation)
                .setTenant(tenant)
                .setTurnId("t" + turn)
                .setText(QUESTIONS.get(turn))
                .setDocumentText(turn == 0 ? DOCUMENT : null)
                .build();
        TurnRun run = dialogue.begin(store, asked, new InputRecord("turns", 0, 0L, null, null, null, List.of()));
        Inquiry inquiry = run.inquiries().getFirst();
        long before = engine.sharedPositions();
        List<Outcome> outcome = new ArrayList<>();
        RequestListener listener = outcome::add;
        engine.submit(inquiry.request(), inquiry.scope(), listener);
        while (outcome.isEmpty()) {
            engine.step();
        }
        run.outcome(inquiry.id(), outcome.getFirst());
        String reply = run.drain().getLast().getText();
        run.finish();
        return new Cost(inquiry.request().prompt().length, engine.sharedPositions() - before, reply);
    }
}
