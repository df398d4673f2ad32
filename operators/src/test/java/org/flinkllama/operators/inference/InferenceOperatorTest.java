package org.flinkllama.operators.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.net.URL;
import java.net.URLClassLoader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.util.TestingUserCodeClassLoader;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.flinkllama.operators.inference.plan.ErrorHandling;
import org.flinkllama.operators.inference.plan.ErrorHandling.Strategy;
import org.flinkllama.operators.inference.plan.OutputMode;
import org.flinkllama.operators.replica.ReplicaSource;
import org.flinkllama.schemas.v1.DeadLetter;
import org.flinkllama.schemas.v1.Stage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
@SuppressWarnings("try") // Flink's harness declares that closing throws anything
class InferenceOperatorTest {
    private final TalkHarnesses talks = new TalkHarnesses();

    @AfterEach
    void close() throws Exception {
        talks.close();
    }

    @Test
    void sendsPartsOnWhileTheyAreGenerated() throws Exception {
        InferenceHarness<String> harness = talks.opened(options -> options);
        harness.say("a", "x");
        harness.generate("say x", 3);
        assertThat(harness.sent()).containsExactly("x:one two");

        TalkHarnesses.finish(harness);
        assertThat(harness.sent()).isEqualTo(TalkHarnesses.whole("x", 0));
    }

    @Test
    void staysUntilTheTaskManagerLetsTheJobsClassLoaderGo() throws Exception {
        Map<String, Runnable> hooks = new HashMap<>();
        InferenceHarness<String> harness = talks.harness(options -> options, TalkHarnesses.TALK, 1, 0)
                .classLoader(TestingUserCodeClassLoader.newBuilder()
                        .setRegisterReleaseHookConsumer(hooks::putIfAbsent)
                        .build());
        harness.open();
        List<String> ended = new ArrayList<>();
        ReplicaSource.Stay stay = talks.source.stay();
        stay.atEnd().accept(() -> ended.add("first"));
        stay.atEnd().accept(() -> ended.add("second"));
        assertThat(stay.name()).isEqualTo(harness.getEnvironment().getJobID().toHexString());
        harness.close();
        assertThat(ended).isEmpty();

        hooks.values().forEach(Runnable::run);
        assertThat(ended).containsExactly("first");
    }

    @Test
    void takesTheJobsClassLoaderOffThreadsThatStay() throws Exception {
        Map<String, Runnable> hooks = new HashMap<>();
        CountDownLatch end = new CountDownLatch(1);
        ClassLoader flink = RuntimeContext.class.getClassLoader();
        try (URLClassLoader job = new URLClassLoader(new URL[0], flink);
                URLClassLoader otherJob = new URLClassLoader(new URL[0], flink)) {
            InferenceHarness<String> harness = talks.harness(options -> options, TalkHarnesses.TALK, 1, 0)
                    .classLoader(TestingUserCodeClassLoader.newBuilder()
                            .setClassLoader(job)
                            .setRegisterReleaseHookConsumer(hooks::putIfAbsent)
                            .build());
            harness.open();
            Thread client = waiting(job, end);
            Thread clientOfOther = waiting(otherJob, end);
            harness.close();
            assertThat(client.getContextClassLoader()).isSameAs(job);

            hooks.values().forEach(Runnable::run);
            assertThat(client.getContextClassLoader()).isSameAs(flink);
            assertThat(clientOfOther.getContextClassLoader()).isSameAs(otherJob);
        } finally {
            end.countDown();
        }
    }

    /// The Java runtime has threads that refuse another class loader than the process's.
    @Test
    void leavesThreadsAloneWhereAJobsClassesCameWithTheProcess() {
        Cleaner withSuchAThread = Cleaner.create();
        LastingThreads threads = new LastingThreads(RuntimeContext.class.getClassLoader());
        assertThatCode(threads::run).doesNotThrowAnyException();
        Reference.reachabilityFence(withSuchAThread);
    }

    private static Thread waiting(ClassLoader context, CountDownLatch end) {
        Thread thread = new Thread(() -> {
            try {
                end.await();
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
            }
        });
        thread.setContextClassLoader(context);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    @Test
    void setsTheKeyForWhatAWorkloadRemembers() throws Exception {
        InferenceHarness<String> harness = talks.opened(options -> options);
        for (String key : List.of("a", "b", "a")) {
            harness.say(key, key);
        }
        TalkHarnesses.finish(harness);
        TalkHarnesses.finish(harness);

        assertThat(harness.sent())
                .contains("a=one two three four five|that is all|0", "b=one two three four five|that is all|0")
                .last()
                .isEqualTo("a=one two three four five|that is all|1");
    }

    @Test
    void keepsTheOrderOfAdmissionWhereItIsAskedTo() throws Exception {
        InferenceHarness<String> harness = talks.opened(options -> options.withOutputMode(OutputMode.ORDERED));
        harness.say("a", "x");
        harness.say("b", "unpromptable");
        harness.processWatermark(7);
        harness.say("c", "y");
        harness.say("d", "z");
        TalkHarnesses.finish(harness, " z");
        TalkHarnesses.finish(harness, " y");
        assertThat(harness.sent()).isEmpty();
        harness.generate("say x", 2);
        assertThat(harness.sent()).containsExactly("x:one two");
        TalkHarnesses.finish(harness, " x");

        List<Object> expected = new ArrayList<>(TalkHarnesses.whole("x", 0));
        expected.add(new Watermark(7));
        expected.addAll(TalkHarnesses.whole("y", 0));
        expected.addAll(TalkHarnesses.whole("z", 0));
        assertThat(harness.sent()).isEqualTo(expected);
        assertThat(harness.deadLetters()).hasSize(1);
    }

    @Test
    void letsGoWhatWaitedForARecordThatIsRefused() throws Exception {
        InferenceHarness<String> harness = talks.opened(options -> options.withOutputMode(OutputMode.ORDERED));
        harness.say("a", "x");
        harness.say("a", "unpromptable");
        harness.say("b", "y");
        harness.processWatermark(7);
        TalkHarnesses.finish(harness, " y");
        TalkHarnesses.finish(harness, " x");

        assertThat(harness.sent())
                .hasSize(2 * TalkHarnesses.whole("x", 0).size() + 1)
                .last()
                .isEqualTo(new Watermark(7));
    }

    @Test
    void letsManyRecordsLeaveOneBehindTheOther() throws Exception {
        InferenceHarness<String> harness = talks.opened(options -> options.withMaxInFlight(100_000));
        harness.say("a", "x");
        for (int record = 0; record < 3000; record++) {
            harness.say("a", "nothing");
        }
        harness.processWatermark(7);
        TalkHarnesses.finish(harness);

        assertThat(harness.sent()).last().isEqualTo(new Watermark(7));
    }

    @Test
    void beginsTheNextRecordWhenOneIsGivenUpInTheMiddle() throws Exception {
        InferenceHarness<String> harness = talks.opened(options -> options.withMaxInFlight(1));
        harness.say("a", "bursting");
        harness.say("b", "y");
        harness.generate("say", 1);

        assertThat(harness.replica().open()).contains("say y");
    }

    @Test
    void givesUpWhatTakesTooLongAndHarmsNoNeighbour() throws Exception {
        InferenceHarness<String> harness = talks.opened(options -> options.withTimeout(Duration.ofSeconds(9)));
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
        assertThat(talks.source.current().open()).noneMatch(prompt -> prompt.endsWith(" x"));
        TalkHarnesses.finish(harness);
        assertThat(harness.sent())
                .hasSize(1 + 2 * TalkHarnesses.whole("y", 0).size())
                .startsWith("x was given up");
        harness.setProcessingTime(100_000);
        assertThat(harness.deadLetters()).hasSize(1);
    }

    @Test
    void waitsForEverWithoutATimeout() throws Exception {
        InferenceHarness<String> harness = talks.opened(options -> options.withTimeout(Duration.ZERO));
        harness.say("a", "x");
        harness.setProcessingTime(Long.MAX_VALUE / 2);

        assertThat(harness.deadLetters()).isEmpty();
    }

    @Test
    void sendsAFailedInferenceToTheDeadLetters() throws Exception {
        talks.source.model.failsAt("more x");
        InferenceHarness<String> harness = talks.opened(options -> options);
        harness.say("a", "x");
        harness.say("b", "y");
        TalkHarnesses.finish(harness);

        assertThat(harness.deadLetters()).extracting(DeadLetter::getStage).containsExactly(Stage.INFERENCE);
        assertThat(harness.sent()).contains("y=one two three four five|that is all|0", "x was given up");
    }

    @Test
    void triesAFailedInferenceAgainAndSaysNothingTwice() throws Exception {
        InferenceHarness<String> harness =
                talks.opened(options -> options.withErrorHandling(new ErrorHandling(Strategy.RETRY, 2)));
        harness.say("a", "x");
        harness.generate("say x", 3);
        harness.replica().failOnce("say x");
        harness.runMails();
        harness.generate("say x", 1);
        harness.replica().failOnce("say x");
        harness.runMails();
        TalkHarnesses.finish(harness);

        assertThat(harness.sent()).isEqualTo(TalkHarnesses.whole("x", 0));
        assertThat(harness.replica().sampled()).isEqualTo(6 + 4);
        assertThat(harness.counter("recomputedTokens")).isZero();
        assertThat(harness.counter("resumedTokens")).isZero();
    }

    @Test
    void givesUpAfterAsManyTriesAsItMay() throws Exception {
        talks.source.model.failsAt("say x");
        InferenceHarness<String> harness =
                talks.opened(options -> options.withErrorHandling(new ErrorHandling(Strategy.RETRY, 2)));
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
        talks.source.model.failsAt("say x");
        InferenceHarness<String> harness =
                talks.opened(options -> options.withErrorHandling(new ErrorHandling(Strategy.FAIL, 0)));
        harness.say("a", "x");

        assertThatThrownBy(() -> harness.answer("say"))
                .isInstanceOf(InferenceException.class)
                .hasMessageContaining("Inquiry 'talk/0' of the record at 'documents' 3:0 failed: Scripted to fail.");
    }

    @Test
    void rejectsWhatTheWorkloadCannotCopeWithAndTellsNothingOfIt() throws Exception {
        InferenceHarness<String> harness = talks.opened(options -> options);
        harness.say("a", "explosive");
        harness.say("b", "bursting");
        harness.say("c", "y");
        TalkHarnesses.finish(harness);

        assertThat(harness.deadLetters())
                .extracting(DeadLetter::getStage)
                .containsExactly(Stage.PROMPT, Stage.INFERENCE);
        assertThat(harness.deadLetters()).allSatisfy(letter -> assertThat(letter.getMessage())
                .contains("threw java.lang.Illegal", "TalkWorkload")
                .doesNotContain("explosive", "bursting"));
        assertThat(harness.sent()).contains("y=one two three four five|that is all|0");
    }

    @Test
    void isNotHeldUpByOneSlowRecord() throws Exception {
        InferenceHarness<String> harness = talks.opened(options -> options.withMaxInFlight(2));
        harness.say("slow", "slow");
        for (int record = 0; record < 5; record++) {
            harness.say("key " + record, "n" + record);
            TalkHarnesses.finish(harness, " n" + record);
        }

        assertThat(harness.sent()).hasSize(5 * TalkHarnesses.whole("n", 0).size());
        TalkHarnesses.finish(harness);
        assertThat(harness.sent()).hasSize(6 * TalkHarnesses.whole("n", 0).size());
    }

    @Test
    void takesNothingMoreInWhileItIsFullAndLetsACheckpointPassMeanwhile() throws Exception {
        InferenceHarness<String> harness = talks.opened(options -> options.withMaxInFlight(1));
        for (int record = 0; record < 4; record++) {
            harness.say("key " + record, "n" + record);
        }
        List<OperatorSubtaskState> checkpoints = new ArrayList<>();
        harness.taskMail(() -> {
            assertThat(harness.sent()).isEmpty();
            checkpoints.add(harness.snapshot(1, 1));
        });
        answerMeanwhile(harness);

        harness.say("key 4", "n4"); // is held until the first record has left

        assertThat(checkpoints).hasSize(1);
        assertThat(harness.sent()).isEqualTo(TalkHarnesses.whole("n0", 0));
        InferenceHarness<String> restored = talks.restored(TalkHarnesses.TALK, checkpoints.getFirst(), 1, 0);
        TalkHarnesses.finish(restored);
        assertThat(restored.sent()).hasSize(5 * TalkHarnesses.whole("n0", 0).size());
        assertThat(restored.sent()).containsAll(TalkHarnesses.whole("n4", 0));
    }

    /// Answers in mails of the task until something has been sent on.
    private static void answerMeanwhile(InferenceHarness<String> harness) {
        harness.taskMail(() -> {
            harness.replica().answer("");
            if (!harness.sent().equals(TalkHarnesses.whole("n0", 0))) {
                answerMeanwhile(harness);
            }
        });
    }
}
