package org.flinkllama.operators.inference;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.flinkllama.operators.ScriptedModel;
import org.flinkllama.operators.ScriptedReplica;
import org.flinkllama.operators.inference.plan.InferenceOptions;
import org.flinkllama.operators.inference.plan.InferencePlan;

/// Operators with a [TalkWorkload] on scripted replicas that have much to say.
@SuppressWarnings("try") // Flink's harness declares that closing throws anything
final class TalkHarnesses implements AutoCloseable {
    static final TalkWorkload TALK = new TalkWorkload(20);

    final ScriptedReplica.Source source = new ScriptedReplica.Source(
            new ScriptedModel().says("more", "that is all", 0.5).says("", "one two three four five", 0.5), false, 4);
    private final List<InferenceHarness<String>> harnesses = new ArrayList<>();

    @Override
    public void close() throws Exception {
        for (InferenceHarness<String> harness : harnesses) {
            harness.close();
        }
    }

    /// Answers until nothing is asked any more.
    static void finish(InferenceHarness<String> harness) throws Exception {
        finish(harness, "");
    }

    static void finish(InferenceHarness<String> harness, String words) throws Exception {
        harness.runMails();
        while (harness.replica().open().stream().anyMatch(prompt -> prompt.contains(words))) {
            harness.answer(words);
        }
    }

    /// What goes out for a record.
    static List<Object> whole(String text, int before) {
        return List.of(
                text + ":one two",
                text + ": three four",
                text + ": five",
                text + ":that is",
                text + ": all",
                text + "=one two three four five|that is all|" + before);
    }

    InferenceHarness<String> opened(UnaryOperator<InferenceOptions> options) throws Exception {
        return opened(options, TALK, null);
    }

    InferenceHarness<String> opened(
            UnaryOperator<InferenceOptions> options, TalkWorkload workload, OperatorSubtaskState checkpoint)
            throws Exception {
        InferenceHarness<String> harness = harness(options, workload, 1, 0);
        if (checkpoint != null) {
            harness.initializeState(checkpoint);
        }
        harness.open();
        return harness;
    }

    InferenceHarness<String> restored(
            TalkWorkload workload, OperatorSubtaskState checkpoint, int parallelism, int subtask) throws Exception {
        InferenceHarness<String> harness = harness(options -> options, workload, parallelism, subtask);
        harness.initializeState(AbstractStreamOperatorTestHarness.repartitionOperatorState(
                checkpoint, InferenceHarness.MAX_PARALLELISM, 1, parallelism, subtask));
        harness.open();
        return harness;
    }

    InferenceHarness<String> harness(
            UnaryOperator<InferenceOptions> options, TalkWorkload workload, int parallelism, int subtask)
            throws Exception {
        InferenceHarness<String> harness = InferenceHarness.of(
                new InferencePlan<>(workload, source, options.apply(InferenceOptions.of(8))), parallelism, subtask);
        harnesses.add(harness);
        return harness;
    }
}
