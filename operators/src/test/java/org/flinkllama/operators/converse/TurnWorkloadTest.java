package org.flinkllama.operators.converse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.flinkllama.operators.converse.TurnHarness.turn;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.flinkllama.model.sampling.SamplingOptions;
import org.flinkllama.operators.ScriptedModel;
import org.flinkllama.operators.ScriptedReplica;
import org.flinkllama.operators.conversation.ConversationKey;
import org.flinkllama.operators.conversation.ConversationOptions;
import org.flinkllama.operators.conversation.ConversationOptions.ReplyOptions;
import org.flinkllama.operators.converse.documents.DocumentLookup;
import org.flinkllama.operators.format.RecordFormat;
import org.flinkllama.schemas.v1.Reply;
import org.flinkllama.schemas.v1.Stage;
import org.flinkllama.schemas.v1.TurnKind;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TurnWorkloadTest {
    private static final ConversationOptions STREAMED =
            ConversationOptions.DEFAULT.withReply(new ReplyOptions(32, SamplingOptions.GREEDY, 2));

    private final ScriptedModel model = new ScriptedModel()
            .says("long", "one two three four five six seven", 0.5)
            .says("", "yes", 0.5);
    private final ScriptedReplica.Source source = new ScriptedReplica.Source(model, false, 4);
    private final List<TurnHarness> harnesses = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (TurnHarness harness : harnesses) {
            harness.close();
        }
    }

    @Test
    void answersTurnsOfOneConversationInOrderAndManyConversationsAtOnce() throws Exception {
        TurnHarness harness = opened(ConversationOptions.DEFAULT);
        harness.say("a", "a1", "first");
        harness.say("a", "a2", "second");
        harness.say("b", "b1", "third");
        harness.say("c", "c1", "fourth");

        assertThat(source.current().open()).hasSize(3).noneMatch(prompt -> prompt.contains("second"));
        harness.answer("fourth");
        harness.answer("third");
        harness.answer("first");
        assertThat(source.current().open()).singleElement().asString().contains("first", "yes", "second");
        harness.answer("second");

        assertThat(harness.answered()).containsExactly("c1", "b1", "a1", "a2");
    }

    @Test
    void goesOnWithAReplyAfterAFailureAndRepeatsNoPart() throws Exception {
        TurnHarness undisturbed = opened(STREAMED);
        undisturbed.say("a", "a1", "long");
        undisturbed.answer("long");
        List<Reply> expected = undisturbed.replies();
        assertThat(expected)
                .extracting(Reply::getText)
                .containsExactly("one two", " three four", " five six", " seven", "one two three four five six seven");

        for (int tokens = 0; tokens <= 7; tokens++) {
            TurnHarness before = opened(STREAMED);
            before.say("a", "a1", "long");
            before.generate("long", tokens);
            OperatorSubtaskState checkpoint = before.snapshot(1, 1);
            before.generate("long", 1); // lost with the failure

            List<Reply> sent = new ArrayList<>(before.replies().subList(0, tokens / 2));
            TurnHarness after = restored(STREAMED, 1, 0, checkpoint);
            after.answer("long");
            sent.addAll(after.replies());
            assertThat(sent).as("after %s tokens", tokens).isEqualTo(expected);
        }
    }

    @Test
    void remembersConversationsAndTurnIdsAcrossARescaling() throws Exception {
        List<String> conversations = List.of("a", "b", "c", "d", "e", "f");
        TurnHarness before = opened(ConversationOptions.DEFAULT);
        for (String conversation : conversations) {
            before.say(conversation, "1", "secret of " + conversation);
            before.answer("secret");
        }
        OperatorSubtaskState checkpoint = before.snapshot(1, 1);

        Set<Integer> used = new HashSet<>();
        for (int subtask = 0; subtask < 2; subtask++) {
            TurnHarness after = restored(ConversationOptions.DEFAULT, 2, subtask, checkpoint);
            for (String conversation : conversations) {
                String key = ConversationKey.of(null, conversation);
                if (KeyGroupRangeAssignment.assignKeyToParallelOperator(key, 128, 2) == subtask) {
                    used.add(subtask);
                    after.say(conversation, "1", "secret of " + conversation);
                    assertThat(source.current().open()).isEmpty();
                    after.say(conversation, "2", "next");
                    assertThat(source.current().open())
                            .singleElement()
                            .asString()
                            .contains("secret of " + conversation);
                    after.answer("next");
                }
            }
            assertThat(after.answered()).containsOnly("2");
        }
        assertThat(used).containsExactlyInAnyOrder(0, 1);
    }

    @Test
    void goesOnWithRepliesInFlightAtAnotherParallelism() throws Exception {
        TurnHarness before = opened(STREAMED);
        for (String conversation : List.of("a", "b", "c", "d")) {
            before.say(conversation, "1", "long " + conversation);
        }
        before.generate("long", 3);
        OperatorSubtaskState checkpoint = before.snapshot(1, 1);

        List<String> parts = new ArrayList<>();
        for (int subtask = 0; subtask < 3; subtask++) {
            TurnHarness after = restored(STREAMED, 3, subtask, checkpoint);
            after.answer("long");
            after.replies().forEach(reply -> parts.add(reply.getConversationId() + reply.getPart()));
        }
        assertThat(parts)
                .containsExactlyInAnyOrder(
                        "a1", "a2", "a3", "a4", "b1", "b2", "b3", "b4", "c1", "c2", "c3", "c4", "d1", "d2", "d3", "d4");
    }

    @Test
    void forgetsAConversationWhenItsTimeIsOverAndNoSooner() throws Exception {
        TurnHarness harness = opened(ConversationOptions.DEFAULT);
        harness.setStateTtlProcessingTime(0);
        harness.say("a", "1", "secret");
        harness.answer("secret");
        harness.setStateTtlProcessingTime(9_000);
        harness.say("a", "2", "second");
        assertThat(source.current().open()).singleElement().asString().contains("secret");
        harness.answer("second");
        harness.setStateTtlProcessingTime(18_000);
        harness.say("a", "3", "third");
        assertThat(source.current().open()).singleElement().asString().contains("secret");
        harness.answer("third");

        harness.setStateTtlProcessingTime(40_000);
        harness.say("a", "4", "fourth");
        assertThat(source.current().open()).singleElement().asString().doesNotContain("secret", "second");
        harness.answer("fourth");
        assertThat(harness.answered()).containsExactly("1", "2", "3", "4");
    }

    @Test
    void letsNothingOfOneConversationIntoAnother() throws Exception {
        TurnHarness harness = opened(ConversationOptions.DEFAULT);
        harness.take(turn("same", "1", "secret").setTenant("north").build());
        harness.answer("secret");
        harness.take(turn("same", "2", "next").setTenant("south").build());
        harness.take(turn("same", "2", "next").build());
        harness.take(turn("other", "2", "next").setTenant("north").build());
        harness.take(turn("same", "2", "next").setTenant("north").build());

        assertThat(source.current().scopes()).hasSize(4).doesNotHaveDuplicates();
        assertThat(source.current().open())
                .filteredOn(prompt -> prompt.contains("secret"))
                .hasSize(1);
        harness.answer("next");
    }

    @Test
    void returnsTurnsThatFailAndGoesOnWithTheConversation() throws Exception {
        model.failsAt("broken");
        TurnHarness harness = opened(ConversationOptions.DEFAULT);
        harness.say("a", "1", "first");
        harness.say("a", "2", "broken");
        harness.say("a", "3", "third");
        harness.answer("first");
        harness.answer("broken");
        assertThat(source.current().open())
                .singleElement()
                .asString()
                .contains("first", "third")
                .doesNotContain("broken");
        harness.answer("third");

        assertThat(harness.answered()).containsExactly("1", "3");
        assertThat(harness.deadLetters()).singleElement().satisfies(letter -> {
            assertThat(letter.getStage()).isEqualTo(Stage.INFERENCE);
            assertThat(letter.getRecord().getOffset()).isEqualTo(1);
            assertThat(letter.getMessage()).doesNotContain("broken");
        });
    }

    @Test
    void keepsNothingOfATurnThatWasAnswered() throws Exception {
        TurnHarness harness = opened(ConversationOptions.DEFAULT);
        harness.say("a", "1", "first");
        harness.answer("first");
        harness.take(turn("a", "2", "").setKind(TurnKind.END).build());

        assertThat(harness.answered()).containsExactly("1", "2");
        assertThat(harness.numKeyedStateEntries()).isEqualTo(1); // ids of turns, until their time is over
    }

    private ConversationPlan plan(ConversationOptions options) {
        return ConversationPlan.of(RecordFormat.JSON, options, source)
                .withMemory(new ConversationPlan.Memory(Duration.ofSeconds(10), DocumentLookup.DEFAULT));
    }

    private TurnHarness opened(ConversationOptions options) throws Exception {
        TurnHarness harness = new TurnHarness(plan(options), source, 1, 0);
        harnesses.add(harness);
        harness.open();
        return harness;
    }

    private TurnHarness restored(
            ConversationOptions options, int parallelism, int subtask, OperatorSubtaskState checkpoint)
            throws Exception {
        TurnHarness harness = new TurnHarness(plan(options), source, parallelism, subtask);
        harnesses.add(harness);
        harness.initializeState(KeyedOneInputStreamOperatorTestHarness.repartitionOperatorState(
                checkpoint, 128, 1, parallelism, subtask));
        harness.open();
        return harness;
    }
}
