package org.flinkllama.operators.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.flinkllama.operators.ScriptedModel;
import org.flinkllama.operators.ScriptedReplica;
import org.flinkllama.operators.inference.plan.ErrorHandling;
import org.flinkllama.operators.inference.plan.ErrorHandling.Strategy;
import org.flinkllama.operators.inference.plan.InferenceOptions;
import org.flinkllama.operators.inference.plan.InferencePlan;
import org.flinkllama.operators.inference.plan.OutputMode;
import org.flinkllama.schemas.v1.DeadLetter;
import org.flinkllama.schemas.v1.Stage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
@SuppressWarnings("try") // Flink's harness declares that closing throws anything
class InferenceOperatorTest {
    private static final TalkWorkload TALK = new TalkWorkload(20);

    private final ScriptedReplica.Source source = new ScriptedReplica.Source(
            new ScriptedModel().says("more", "that is all", 0.5).says("", "one two three four five", 0.5), false, 4);
    private final List<InferenceHarness<String>> harnesses = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (InferenceHarness<String> harness : harnesses) {
            harness.close();
        }
    }

    @Test
    void sendsPartsOnWhileTheyAreGenerated() throws Exception {
        InferenceHarness<String> harness = opened(options -> options);
        harness.say("a", "x");
        harness.generate("say x", 3);
        assertThat(harness.sent()).containsExactly("x:one two");

        finish(harness);
        assertThat(harness.sent()).isEqualTo(whole("x", 0));
    }

    @Test
    void setsTheKeyForWhatAWorkloadRemembers() throws Exception {
        InferenceHarness<String> harness = opened(options -> options);
        for (String key : List.of("a", "b", "a")) {
            harness.say(key, key);
        }
        finish(harness);
        finish(harness);

        assertThat(harness.sent())
                .contains("a=one two three four five|that is all|0", "b=one two three four five|that is all|0")
                .last()
                .isEqualTo("a=one two three four five|that is all|1");
    }

    @Test
    void resumesInTheMiddleOfAGenerationAndSendsNothingTwice() throws Exception {
        InferenceHarness<String> before = opened(options -> options);
        before.say("a", "x");
        before.say("b", "y");
        before.answer("rate");
        before.answer("say x");
        before.generate("say more x", 1);
        before.generate("say y", 3);
        List<Object> sentBefore = before.sent();
        OperatorSubtaskState checkpoint = before.snapshot(1, 1);
        before.generate("", 1);
        int promptsBefore = source.model.prompts.size();
        before.close();

        InferenceHarness<String> after = restored(TALK, checkpoint, 1, 0);
        assertThat(source.current().open()).noneMatch(prompt -> prompt.startsWith("rate"));
        finish(after);

        List<Object> all = new ArrayList<>(sentBefore);
        all.addAll(after.sent());
        List<Object> expected = new ArrayList<>(whole("x", 0));
        expected.addAll(whole("y", 0));
        assertThat(all).containsExactlyInAnyOrderElementsOf(expected);
        // Of six tokens, the end included, and of four: x had told all and one, y three.
        assertThat(after.replica().sampled()).isEqualTo(3 + 3 + 4);
        assertThat(after.counter("resumedTokens"))
                .isEqualTo(6 + 1 + 3 + 2 * source.model.tokenizer.encode("rate x").length);
        assertThat(after.counter("recomputedTokens"))
                .isEqualTo(source.model.tokenizer.encode("say more x").length
                        + 1
                        + source.model.tokenizer.encode("say y").length
                        + 3);
        assertThat(source.model.prompts.subList(promptsBefore, source.model.prompts.size()))
                .doesNotContain("rate x", "rate y");
    }

    @Test
    void resumesFromEveryMomentWithTheSameOutputs() throws Exception {
        List<Object> undisturbed = null;
        for (int moment = 0; moment < 14; moment++) {
            InferenceHarness<String> before = opened(options -> options);
            before.say("a", "x");
            for (int step = 0; step < moment; step++) {
                before.generate("", 1);
            }
            List<Object> sent = new ArrayList<>(before.sent());
            OperatorSubtaskState checkpoint = before.snapshot(1, 1);
            before.close();
            InferenceHarness<String> after = restored(TALK, checkpoint, 1, 0);
            // Once more, before anything was told anew.
            InferenceHarness<String> again = restored(TALK, after.snapshot(2, 2), 1, 0);
            finish(again);
            sent.addAll(again.sent());

            undisturbed = undisturbed == null ? List.copyOf(sent) : undisturbed;
            assertThat(sent).as("moment %d", moment).isEqualTo(undisturbed);
        }
    }

    @Test
    void takesTheJournalAlongWhenItIsRescaled() throws Exception {
        InferenceHarness<String> before = opened(options -> options.withMaxInFlight(16));
        for (int record = 0; record < 12; record++) {
            before.say("key " + record, "n" + record);
        }
        before.answer("rate");
        before.generate("", 3);
        List<Object> sent = new ArrayList<>(before.sent());
        OperatorSubtaskState checkpoint = before.snapshot(1, 1);

        int sampled = 0;
        for (int subtask = 0; subtask < 3; subtask++) {
            InferenceHarness<String> after = restored(TALK, checkpoint, 3, subtask);
            finish(after);
            assertThat(after.sent()).isNotEmpty();
            sent.addAll(after.sent());
            sampled += after.replica().sampled();
        }

        List<Object> expected = new ArrayList<>();
        for (int record = 0; record < 12; record++) {
            expected.addAll(whole("n" + record, 0));
        }
        assertThat(sent).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(sampled).isEqualTo(12 * (3 + 4));
    }

    @Test
    void asksAnewWhereTheRequestIsAnother() throws Exception {
        InferenceHarness<String> before = opened(options -> options);
        before.say("a", "x");
        before.generate("say", 1);
        OperatorSubtaskState checkpoint = before.snapshot(1, 1);

        InferenceHarness<String> after = restored(new TalkWorkload(19), checkpoint, 1, 0);
        finish(after);

        assertThat(after.counter("resumedTokens")).isZero();
        assertThat(after.replica().sampled()).isEqualTo(6 + 4);
        assertThat(after.sent()).isEqualTo(whole("x", 0));
    }

    @Test
    void keepsTheOrderOfAdmissionWhereItIsAskedTo() throws Exception {
        InferenceHarness<String> harness = opened(options -> options.withOutputMode(OutputMode.ORDERED));
        harness.say("a", "x");
        harness.say("b", "unpromptable");
        harness.processWatermark(7);
        harness.say("c", "y");
        harness.say("d", "z");
        finish(harness, " z");
        finish(harness, " y");
        assertThat(harness.sent()).isEmpty();
        harness.generate("say x", 2);
        assertThat(harness.sent()).containsExactly("x:one two");
        finish(harness, " x");

        List<Object> expected = new ArrayList<>(whole("x", 0));
        expected.add(new Watermark(7));
        expected.addAll(whole("y", 0));
        expected.addAll(whole("z", 0));
        assertThat(harness.sent()).isEqualTo(expected);
        assertThat(harness.deadLetters()).hasSize(1);
    }

    @Test
    void resumesInOrderWhatHadEndedAndWaitedForItsTurn() throws Exception {
        InferenceHarness<String> before = opened(options -> options.withOutputMode(OutputMode.ORDERED));
        before.say("a", "x");
        before.say("b", "y");
        finish(before, " y");
        OperatorSubtaskState checkpoint = before.snapshot(1, 1);

        InferenceHarness<String> after =
                opened(options -> options.withOutputMode(OutputMode.ORDERED), TALK, checkpoint);
        after.runMails();
        assertThat(after.replica().sampled()).isZero();
        assertThat(after.sent()).isEmpty();
        finish(after);

        List<Object> expected = new ArrayList<>(whole("x", 0));
        expected.addAll(whole("y", 0));
        assertThat(after.sent()).isEqualTo(expected);
    }

    @Test
    void givesUpWhatTakesTooLongAndHarmsNoNeighbour() throws Exception {
        InferenceHarness<String> harness = opened(options -> options.withTimeout(Duration.ofSeconds(9)));
        harness.say("a", "x");
        harness.setProcessingTime(5000);
        harness.say("b", "y");
        harness.say("a", "z");
        harness.setProcessingTime(9000);
        harness.runMails();

        assertThat(harness.deadLetters()).singleElement().satisfies(letter -> {
            assertThat(letter.getStage()).isEqualTo(Stage.TIMEOUT);
            assertThat(letter.getMessage()).contains("longer than 9000 ms");
        });
        assertThat(source.current().open()).noneMatch(prompt -> prompt.endsWith(" x"));
        finish(harness);
        assertThat(harness.sent()).hasSize(1 + 2 * whole("y", 0).size()).startsWith("x was given up");
        harness.setProcessingTime(100_000);
        assertThat(harness.deadLetters()).hasSize(1);
    }

    @Test
    void waitsForEverWithoutATimeout() throws Exception {
        InferenceHarness<String> harness = opened(options -> options.withTimeout(Duration.ZERO));
        harness.say("a", "x");
        harness.setProcessingTime(Long.MAX_VALUE / 2);

        assertThat(harness.deadLetters()).isEmpty();
    }

    @Test
    void sendsAFailedInferenceToTheDeadLetters() throws Exception {
        source.model.failsAt("more x");
        InferenceHarness<String> harness = opened(options -> options);
        harness.say("a", "x");
        harness.say("b", "y");
        finish(harness);

        assertThat(harness.deadLetters()).extracting(DeadLetter::getStage).containsExactly(Stage.INFERENCE);
        assertThat(harness.sent()).contains("y=one two three four five|that is all|0", "x was given up");
    }

    @Test
    void triesAFailedInferenceAgainAndSaysNothingTwice() throws Exception {
        InferenceHarness<String> harness =
                opened(options -> options.withErrorHandling(new ErrorHandling(Strategy.RETRY, 2)));
        harness.say("a", "x");
        harness.generate("say x", 3);
        harness.replica().failOnce("say x");
        harness.runMails();
        harness.generate("say x", 1);
        harness.replica().failOnce("say x");
        harness.runMails();
        finish(harness);

        assertThat(harness.sent()).isEqualTo(whole("x", 0));
        assertThat(harness.replica().sampled()).isEqualTo(6 + 4);
        assertThat(harness.counter("recomputedTokens")).isZero();
    }

    @Test
    void givesUpAfterAsManyTriesAsItMay() throws Exception {
        source.model.failsAt("say x");
        InferenceHarness<String> harness =
                opened(options -> options.withErrorHandling(new ErrorHandling(Strategy.RETRY, 2)));
        harness.say("a", "x");
        harness.answer("say");
        harness.answer("say");
        assertThat(harness.deadLetters()).isEmpty();
        harness.answer("say");

        assertThat(harness.deadLetters()).hasSize(1);
        assertThat(harness.counter("inference_requests_failure")).isEqualTo(3);
    }

    @Test
    void failsTheJobWhereItIsAskedTo() throws Exception {
        source.model.failsAt("say x");
        InferenceHarness<String> harness =
                opened(options -> options.withErrorHandling(new ErrorHandling(Strategy.FAIL, 0)));
        harness.say("a", "x");

        assertThatThrownBy(() -> harness.answer("say"))
                .isInstanceOf(InferenceException.class)
                .hasMessageContaining("Inquiry 'talk/0' of the record at 'documents' 3:0 failed: Scripted to fail.");
    }

    @Test
    void rejectsWhatTheWorkloadCannotCopeWithAndTellsNothingOfIt() throws Exception {
        InferenceHarness<String> harness = opened(options -> options);
        harness.say("a", "explosive");
        harness.say("b", "bursting");
        harness.say("c", "y");
        finish(harness);

        assertThat(harness.deadLetters())
                .extracting(DeadLetter::getStage)
                .containsExactly(Stage.PROMPT, Stage.INFERENCE);
        assertThat(harness.deadLetters()).allSatisfy(letter -> assertThat(letter.getMessage())
                .contains("threw java.lang.Illegal", "TalkWorkload")
                .doesNotContain("explosive", "bursting"));
        assertThat(harness.sent()).contains("y=one two three four five|that is all|0");
    }

    @Test
    void findsTheRecordThatCrashesTheTask() throws Exception {
        InferenceHarness<String> task = opened(options -> options);
        task.say("a", "x");
        task.say("b", "deadly");
        task.say("c", "y");
        OperatorSubtaskState checkpoint = task.snapshot(1, 1);
        long checkpoints = 1;

        // Whenever the deadly record is with the replica the task crashes; here a crash is a restart from the last
        // checkpoint that was completed.
        for (int attempt = 1; attempt < 20 && task.deadLetters().isEmpty(); attempt++) {
            task = harness(options -> options, TALK, 1, 0).attempt(attempt);
            task.initializeState(checkpoint);
            task.open();
            while (task.replica().open().stream().noneMatch(prompt -> prompt.contains("deadly"))
                    && task.deadLetters().isEmpty()) {
                finish(task);
                checkpoint = task.snapshot(++checkpoints, 1);
                task.notifyOfCompletedCheckpoint(checkpoints);
                task.runMails();
            }
        }

        assertThat(task.deadLetters()).singleElement().satisfies(letter -> {
            assertThat(letter.getMessage()).contains("crashed 3 times");
            assertThat(letter.getRecord().getOffset()).isEqualTo(1);
        });
        task.snapshot(++checkpoints, 1);
        task.notifyOfCompletedCheckpoint(checkpoints);
        finish(task);
        assertThat(task.sent()).isEqualTo(whole("y", 0));
    }

    @Test
    void isNotHeldUpByOneSlowRecord() throws Exception {
        InferenceHarness<String> harness = opened(options -> options.withMaxInFlight(2));
        harness.say("slow", "slow");
        for (int record = 0; record < 5; record++) {
            harness.say("key " + record, "n" + record);
            finish(harness, " n" + record);
        }

        assertThat(harness.sent()).hasSize(5 * whole("n", 0).size());
        finish(harness);
        assertThat(harness.sent()).hasSize(6 * whole("n", 0).size());
    }

    /// Answers until nothing is asked any more.
    private static void finish(InferenceHarness<String> harness) throws Exception {
        finish(harness, "");
    }

    private static void finish(InferenceHarness<String> harness, String words) throws Exception {
        harness.runMails();
        while (harness.replica().open().stream().anyMatch(prompt -> prompt.contains(words))) {
            harness.answer(words);
        }
    }

    /// What goes out for a record.
    private static List<Object> whole(String text, int before) {
        return List.of(
                text + ":one two",
                text + ": three four",
                text + ": five",
                text + ":that is",
                text + ": all",
                text + "=one two three four five|that is all|" + before);
    }

    private InferenceHarness<String> opened(UnaryOperator<InferenceOptions> options) throws Exception {
        return opened(options, TALK, null);
    }

    private InferenceHarness<String> opened(
            UnaryOperator<InferenceOptions> options, TalkWorkload workload, OperatorSubtaskState checkpoint)
            throws Exception {
        InferenceHarness<String> harness = harness(options, workload, 1, 0);
        if (checkpoint != null) {
            harness.initializeState(checkpoint);
        }
        harness.open();
        return harness;
    }

    private InferenceHarness<String> restored(
            TalkWorkload workload, OperatorSubtaskState checkpoint, int parallelism, int subtask) throws Exception {
        InferenceHarness<String> harness = harness(options -> options, workload, parallelism, subtask);
        harness.initializeState(AbstractStreamOperatorTestHarness.repartitionOperatorState(
                checkpoint, InferenceHarness.MAX_PARALLELISM, 1, parallelism, subtask));
        harness.open();
        return harness;
    }

    private InferenceHarness<String> harness(
            UnaryOperator<InferenceOptions> options, TalkWorkload workload, int parallelism, int subtask)
            throws Exception {
        InferenceHarness<String> harness = InferenceHarness.of(
                new InferencePlan<>(workload, source, options.apply(InferenceOptions.of(8))), parallelism, subtask);
        harnesses.add(harness);
        return harness;
    }
}
