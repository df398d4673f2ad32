package org.flinkllama.operators.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.flinkllama.operators.inference.plan.InferenceOptions;
import org.flinkllama.operators.inference.plan.InferencePlan;
import org.flinkllama.operators.inference.plan.OutputMode;
import org.flinkllama.operators.replica.ReplicaException;
import org.flinkllama.operators.replica.ReplicaOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What a restart must not change, and what it must not do again.
@Timeout(60)
@SuppressWarnings("try") // Flink's harness declares that closing throws anything
class InferenceRestartTest {
    private final TalkHarnesses talks = new TalkHarnesses();

    @AfterEach
    void close() throws Exception {
        talks.close();
    }

    @Test
    void resumesInTheMiddleOfAGenerationAndSendsNothingTwice() throws Exception {
        InferenceHarness<String> before = talks.opened(options -> options);
        before.say("a", "x");
        before.say("b", "y");
        before.answer("rate");
        before.answer("say x");
        before.generate("say more x", 1);
        before.generate("say y", 3);
        List<Object> sentBefore = before.sent();
        OperatorSubtaskState checkpoint = before.snapshot(1, 1);
        before.generate("", 1);
        int promptsBefore = talks.source.model.prompts.size();
        before.close();

        InferenceHarness<String> after = talks.restored(TalkHarnesses.TALK, checkpoint, 1, 0);
        assertThat(talks.source.current().open()).noneMatch(prompt -> prompt.startsWith("rate"));
        TalkHarnesses.finish(after);

        List<Object> all = new ArrayList<>(sentBefore);
        all.addAll(after.sent());
        List<Object> expected = new ArrayList<>(TalkHarnesses.whole("x", 0));
        expected.addAll(TalkHarnesses.whole("y", 0));
        assertThat(all).containsExactlyInAnyOrderElementsOf(expected);
        // Of six tokens, the end included, and of four: x had told all and one, y three.
        assertThat(after.replica().sampled()).isEqualTo(3 + 3 + 4);
        assertThat(after.counter("resumedTokens"))
                .isEqualTo(6 + 1 + 3 + 2 * talks.source.model.tokenizer.encode("rate x").length);
        assertThat(after.counter("recomputedTokens"))
                .isEqualTo(talks.source.model.tokenizer.encode("say more x").length
                        + 1
                        + talks.source.model.tokenizer.encode("say y").length
                        + 3);
        assertThat(talks.source.model.prompts.subList(promptsBefore, talks.source.model.prompts.size()))
                .doesNotContain("rate x", "rate y");
    }

    @Test
    void resumesFromEveryMomentWithTheSameOutputs() throws Exception {
        List<Object> undisturbed = null;
        for (int moment = 0; moment < 14; moment++) {
            InferenceHarness<String> before = talks.opened(options -> options);
            before.say("a", "x");
            for (int step = 0; step < moment; step++) {
                before.generate("", 1);
            }
            List<Object> sent = new ArrayList<>(before.sent());
            OperatorSubtaskState checkpoint = before.snapshot(1, 1);
            before.close();
            InferenceHarness<String> after = talks.restored(TalkHarnesses.TALK, checkpoint, 1, 0);
            // Once more, before anything was told anew.
            InferenceHarness<String> again = talks.restored(TalkHarnesses.TALK, after.snapshot(2, 2), 1, 0);
            TalkHarnesses.finish(again);
            sent.addAll(again.sent());

            undisturbed = undisturbed == null ? List.copyOf(sent) : undisturbed;
            assertThat(sent).as("moment %d", moment).isEqualTo(undisturbed);
        }
    }

    @Test
    void takesTheJournalAlongWhenItIsRescaled() throws Exception {
        InferenceHarness<String> before = talks.opened(options -> options.withMaxInFlight(16));
        for (int record = 0; record < 12; record++) {
            before.say("key " + record, "n" + record);
        }
        before.answer("rate");
        before.generate("", 3);
        List<Object> sent = new ArrayList<>(before.sent());
        OperatorSubtaskState checkpoint = before.snapshot(1, 1);

        int sampled = 0;
        for (int subtask = 0; subtask < 3; subtask++) {
            InferenceHarness<String> after = talks.restored(TalkHarnesses.TALK, checkpoint, 3, subtask);
            TalkHarnesses.finish(after);
            assertThat(after.sent()).isNotEmpty();
            sent.addAll(after.sent());
            sampled += after.replica().sampled();
        }

        List<Object> expected = new ArrayList<>();
        for (int record = 0; record < 12; record++) {
            expected.addAll(TalkHarnesses.whole("n" + record, 0));
        }
        assertThat(sent).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(sampled).isEqualTo(12 * (3 + 4));
    }

    @Test
    void asksAnewWhereTheRequestIsAnother() throws Exception {
        InferenceHarness<String> before = talks.opened(options -> options);
        before.say("a", "x");
        before.generate("say", 1);
        OperatorSubtaskState checkpoint = before.snapshot(1, 1);

        InferenceHarness<String> after = talks.restored(new TalkWorkload(19), checkpoint, 1, 0);
        TalkHarnesses.finish(after);

        assertThat(after.counter("resumedTokens")).isZero();
        assertThat(after.replica().sampled()).isEqualTo(6 + 4);
        assertThat(after.sent()).isEqualTo(TalkHarnesses.whole("x", 0));
    }

    @Test
    void resumesInOrderWhatHadEndedAndWaitedForItsTurn() throws Exception {
        InferenceHarness<String> before = talks.opened(options -> options.withOutputMode(OutputMode.ORDERED));
        before.say("a", "x");
        before.say("b", "y");
        TalkHarnesses.finish(before, " y");
        OperatorSubtaskState checkpoint = before.snapshot(1, 1);

        InferenceHarness<String> after =
                talks.opened(options -> options.withOutputMode(OutputMode.ORDERED), TalkHarnesses.TALK, checkpoint);
        after.runMails();
        assertThat(after.replica().sampled()).isZero();
        assertThat(after.sent()).isEmpty();
        TalkHarnesses.finish(after);

        List<Object> expected = new ArrayList<>(TalkHarnesses.whole("x", 0));
        expected.addAll(TalkHarnesses.whole("y", 0));
        assertThat(after.sent()).isEqualTo(expected);
    }

    @Test
    void findsTheRecordThatCrashesTheTask() throws Exception {
        InferenceHarness<String> task = talks.opened(options -> options);
        task.say("a", "x");
        task.say("b", "deadly");
        task.say("c", "y");
        OperatorSubtaskState checkpoint = task.snapshot(1, 1);
        long checkpoints = 1;

        // Whenever the deadly record is with the replica the task crashes; here a crash is a restart from the last
        // checkpoint that was completed.
        for (int attempt = 1; attempt < 20 && task.deadLetters().isEmpty(); attempt++) {
            task = talks.harness(options -> options, TalkHarnesses.TALK, 1, 0).attempt(attempt);
            task.initializeState(checkpoint);
            task.open();
            while (task.replica().open().stream().noneMatch(prompt -> prompt.contains("deadly"))
                    && task.deadLetters().isEmpty()) {
                TalkHarnesses.finish(task);
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
        TalkHarnesses.finish(task);
        assertThat(task.sent()).isEqualTo(TalkHarnesses.whole("y", 0));
    }

    @Test
    void holdsEachRecordForAMomentOnlyWhileSuspectsWaitForACheckpoint() throws Exception {
        InferenceHarness<String> task = suspectingTheFirstOfFour();
        task.taskMail(() -> task.setProcessingTime(InferenceOperator.MOMENT_MILLISECONDS - 1));
        task.taskMail(() -> task.setProcessingTime(InferenceOperator.MOMENT_MILLISECONDS));
        task.taskMail(() -> task.setProcessingTime(InferenceOperator.MOMENT_MILLISECONDS + 1));
        task.take("key 4", "n4"); // one more than may be open
        assertThat(task.getProcessingTime()).isEqualTo(InferenceOperator.MOMENT_MILLISECONDS);

        task.snapshot(2, 1); // its barrier stood behind the record
        task.notifyOfCompletedCheckpoint(2);
        TalkHarnesses.finish(task);

        assertThat(task.sent()).hasSize(5 * TalkHarnesses.whole("n", 0).size());
        assertThat(task.sent()).containsAll(TalkHarnesses.whole("n4", 0));
    }

    @Test
    void takesNothingMoreInWhileASuspectIsWorkedOn() throws Exception {
        InferenceHarness<String> task = suspectingTheFirstOfFour();
        task.snapshot(2, 1);
        task.notifyOfCompletedCheckpoint(2);
        task.taskMail(() -> task.setProcessingTime(100 * InferenceOperator.MOMENT_MILLISECONDS));
        task.taskMail(() -> TalkHarnesses.finish(task, "n0"));
        task.take("key 4", "n4"); // one more than may be open

        assertThat(task.sent()).isEqualTo(TalkHarnesses.whole("n0", 0));
    }

    @Test
    void triesSuspectsAfterTheEndOfTheInput() throws Exception {
        InferenceHarness<String> task = suspectingTheFirstOfFour();
        task.taskMail(() -> {
            task.snapshot(2, 1);
            task.notifyOfCompletedCheckpoint(2);
            TalkHarnesses.finish(task);
        });
        task.endInput();

        assertThat(task.sent()).hasSize(4 * TalkHarnesses.whole("n", 0).size());
    }

    @Test
    void triesSuspectsInOrderAlthoughRecordsBetweenThemHaveNotBegun() throws Exception {
        InferenceHarness<String> before = talks.opened(options -> options.withOutputMode(OutputMode.ORDERED));
        before.say("a", "x");
        before.say("a", "waits");
        before.say("b", "y");
        OperatorSubtaskState checkpoint = before.snapshot(1, 1);
        before.close();

        InferenceHarness<String> after = talks.harness(
                        options -> options.withOutputMode(OutputMode.ORDERED), TalkHarnesses.TALK, 1, 0)
                .attempt(3);
        after.initializeState(checkpoint);
        after.open();
        for (int suspect = 0; suspect < 2; suspect++) {
            after.snapshot(2 + suspect, 1);
            after.notifyOfCompletedCheckpoint(2 + suspect);
            TalkHarnesses.finish(after);
        }

        List<Object> expected = new ArrayList<>(TalkHarnesses.whole("x", 0));
        expected.addAll(TalkHarnesses.whole("waits", 1));
        expected.addAll(TalkHarnesses.whole("y", 0));
        assertThat(after.sent()).isEqualTo(expected);
    }

    @Test
    void isForFlinkToRestartWhereAMachineThatCameLaterLacksTheModel() throws Exception {
        InferencePlan<String> plan = new InferencePlan<>(
                TalkHarnesses.TALK, ReplicaOptions.of(Path.of("nowhere.gguf")), InferenceOptions.of(8));
        assertThatThrownBy(() -> open(InferenceHarness.of(plan, 1, 0)))
                .isInstanceOf(SuppressRestartsException.class)
                .rootCause()
                .hasMessageContaining("'nowhere.gguf' does not exist");
        assertThatThrownBy(() -> open(InferenceHarness.of(plan, 1, 0).attempt(1)))
                .isInstanceOf(ReplicaException.class)
                .hasMessageContaining("'nowhere.gguf' does not exist");
    }

    private static void open(InferenceHarness<String> opened) throws Exception {
        try (InferenceHarness<String> harness = opened) {
            harness.open();
        }
    }

    /// A task that works on one record at once, has as many open as may be, and was restarted several times.
    private InferenceHarness<String> suspectingTheFirstOfFour() throws Exception {
        InferenceHarness<String> before = talks.opened(options -> options.withMaxInFlight(1));
        for (int record = 0; record < 4; record++) {
            before.say("key " + record, "n" + record);
        }
        OperatorSubtaskState checkpoint = before.snapshot(1, 1);
        before.close();
        InferenceHarness<String> after = talks.harness(options -> options.withMaxInFlight(1), TalkHarnesses.TALK, 1, 0)
                .attempt(3);
        after.initializeState(checkpoint);
        after.open();
        assertThat(after.replica().open()).isEmpty();
        return after;
    }
}
