package org.flinkllama.operators.converse;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.tasks.mailbox.Mail;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.flinkllama.operators.ScriptedReplica;
import org.flinkllama.operators.conversation.ConversationKey;
import org.flinkllama.operators.format.RecordFormat;
import org.flinkllama.operators.format.conversation.TurnFormat;
import org.flinkllama.operators.inference.InferenceOperatorFactory;
import org.flinkllama.operators.inference.InferenceTopology;
import org.flinkllama.operators.inference.plan.InferencePlan;
import org.flinkllama.schemas.v1.DeadLetter;
import org.flinkllama.schemas.v1.InputRecord;
import org.flinkllama.schemas.v1.Reply;
import org.flinkllama.schemas.v1.Turn;

/// The operator that answers turns, in a task without a cluster. Mails run when the test says so.
@SuppressWarnings("try") // Flink's harness declares that closing throws anything
final class TurnHarness extends KeyedOneInputStreamOperatorTestHarness<String, Tuple2<String, InputRecord>, Reply> {
    private final ScriptedReplica.Source source;
    private long offset;

    TurnHarness(ConversationPlan plan, ScriptedReplica.Source source, int parallelism, int subtask) throws Exception {
        super(
                new InferenceOperatorFactory<>(new InferencePlan<>(
                        new TurnWorkload(
                                plan.turns(), plan.options(), plan.memory().timeToLive()),
                        source,
                        plan.inference())),
                record -> record.f0,
                Types.STRING,
                128,
                parallelism,
                subtask);
        this.source = source;
    }

    static Turn.Builder turn(String conversation, String id, String text) {
        return Turn.newBuilder().setConversationId(conversation).setTurnId(id).setText(text);
    }

    /// Gives the next turn this offset, as behind a savepoint.
    void continueFrom(long next) {
        offset = next;
    }

    void take(Turn turn) throws Exception {
        byte[] value = TurnFormat.of(RecordFormat.JSON).write(turn);
        InputRecord record = new InputRecord("turns", 0, offset++, null, null, ByteBuffer.wrap(value), List.of());
        processElement(new StreamRecord<>(Tuple2.of(ConversationKey.of(turn), record)));
    }

    void say(String conversation, String id, String text) throws Exception {
        take(turn(conversation, id, text).build());
    }

    /// Answers open requests with these words and takes the outcomes in.
    void answer(String words) throws Exception {
        source.current().answer(words);
        runMails();
    }

    /// Tells `count` further tokens of open requests with these words.
    void generate(String words, int count) throws Exception {
        source.current().generate(words, count);
        runMails();
    }

    void runMails() throws Exception {
        for (Optional<Mail> mail = getTaskMailbox().tryTake(0);
                mail.isPresent();
                mail = getTaskMailbox().tryTake(0)) {
            mail.get().run();
        }
    }

    List<Reply> replies() {
        return List.copyOf(extractOutputValues());
    }

    /// Ids of the turns that were answered, in order.
    List<String> answered() {
        return replies().stream().filter(Reply::getLast).map(Reply::getTurnId).toList();
    }

    List<DeadLetter> deadLetters() {
        var letters = getSideOutput(InferenceTopology.DEAD_LETTERS);
        return letters == null
                ? List.of()
                : letters.stream().map(StreamRecord::getValue).toList();
    }
}
