package org.flinkllama.operators.converse;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.checkpoint.SavepointType;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.OperatorSnapshotUtil;
import org.flinkllama.model.sampling.SamplingOptions;
import org.flinkllama.operators.ScriptedModel;
import org.flinkllama.operators.ScriptedReplica;
import org.flinkllama.operators.conversation.ConversationOptions;
import org.flinkllama.operators.conversation.ConversationOptions.ReplyOptions;
import org.flinkllama.operators.format.RecordFormat;
import org.flinkllama.schemas.v1.Reply;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Savepoints of every version load in this one: transcripts, turns that were known, and replies in the middle.
///
/// `conversations-1.savepoint` is what [#loadsWhatThisVersionWrites] leaves in `target`, copied when the state got its
/// present form.
@Timeout(60)
@SuppressWarnings("try") // Flink's harness declares that closing throws anything
class ConversationSavepointTest {
    private static final ConversationOptions STREAMED =
            ConversationOptions.DEFAULT.withReply(new ReplyOptions(32, SamplingOptions.GREEDY, 2));

    private final ScriptedReplica.Source source = new ScriptedReplica.Source(
            new ScriptedModel()
                    .says("long", "one two three four five six seven", 0.5)
                    .says("", "yes", 0.5),
            false,
            4);
    private final List<TurnHarness> harnesses = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (TurnHarness harness : harnesses) {
            harness.close();
        }
    }

    @Test
    void loadsWhatTheFirstVersionWroteAndGoesOnFromThere() throws Exception {
        Path file = Path.of("src/test/resources/savepoints/conversations-1.savepoint");
        assertThat(repliesBehind(OperatorSnapshotUtil.readStateHandle(file.toString())))
                .isEqualTo(repliesOfAnUndisturbedRun());
    }

    @Test
    void loadsWhatThisVersionWrites() throws Exception {
        TurnHarness before = harness();
        before.open();
        begin(before);
        OperatorSubtaskState state = before.snapshotWithLocalState(
                        1, 1, SavepointType.savepoint(SavepointFormatType.CANONICAL))
                .getJobManagerOwnedState();
        Path file = Path.of("target", "conversations-1.savepoint");
        OperatorSnapshotUtil.writeStateHandle(state, file.toString());

        assertThat(repliesBehind(OperatorSnapshotUtil.readStateHandle(file.toString())))
                .isEqualTo(repliesOfAnUndisturbedRun());
    }

    /// One turn answered, the next in the middle of its reply, of which a part was sent.
    private static void begin(TurnHarness harness) throws Exception {
        harness.say("a", "a1", "first");
        harness.answer("first");
        harness.say("a", "a2", "long");
        harness.generate("long", 3);
        assertThat(harness.replies()).hasSize(2 + 1);
    }

    /// The rest of that reply, nothing for a turn that is known, and a turn that needs the transcript.
    private static void finish(TurnHarness harness) throws Exception {
        harness.answer("long");
        harness.say("a", "a1", "first");
        harness.say("a", "a3", "last");
        harness.answer("first");
        assertThat(harness.deadLetters()).isEmpty();
    }

    private List<Reply> repliesOfAnUndisturbedRun() throws Exception {
        TurnHarness undisturbed = harness();
        undisturbed.open();
        begin(undisturbed);
        int before = undisturbed.replies().size();
        finish(undisturbed);
        List<Reply> behind =
                undisturbed.replies().subList(before, undisturbed.replies().size());
        assertThat(behind)
                .extracting(Reply::getText)
                .containsExactly(
                        " three four",
                        " five six",
                        " seven",
                        "one two three four five six seven",
                        "one two", // what is said of the whole transcript, in which that word stands
                        " three four",
                        " five six",
                        " seven",
                        "one two three four five six seven");
        return behind;
    }

    private List<Reply> repliesBehind(OperatorSubtaskState savepoint) throws Exception {
        TurnHarness restored = harness();
        restored.continueFrom(2);
        restored.initializeState(AbstractStreamOperatorTestHarness.repartitionOperatorState(savepoint, 128, 1, 1, 0));
        restored.open();
        finish(restored);
        return restored.replies();
    }

    private TurnHarness harness() throws Exception {
        ConversationPlan plan = ConversationPlan.of(RecordFormat.JSON, STREAMED, source);
        TurnHarness harness = new TurnHarness(plan, source, 1, 0);
        harnesses.add(harness);
        return harness;
    }
}
