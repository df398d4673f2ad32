package org.flinkllama.jobs.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.flinkllama.jobs.converse.ConversationJob;
import org.flinkllama.jobs.converse.ConversationTopics;
import org.flinkllama.jobs.kafka.KafkaConnection;
import org.flinkllama.jobs.kafka.RecordFeed;
import org.flinkllama.jobs.kafka.RecordSource;
import org.flinkllama.jobs.kafka.TopicJob;
import org.flinkllama.model.llama.BundledModel;
import org.flinkllama.model.sampling.SamplingOptions;
import org.flinkllama.operators.conversation.ConversationOptions;
import org.flinkllama.operators.conversation.ConversationOptions.ReplyOptions;
import org.flinkllama.operators.converse.ConversationPlan;
import org.flinkllama.operators.format.RecordFormat;
import org.flinkllama.operators.format.conversation.ReplyFormat;
import org.flinkllama.operators.format.conversation.TurnFormat;
import org.flinkllama.operators.reject.RecordRejectedException;
import org.flinkllama.operators.replica.ReplicaOptions;
import org.flinkllama.schemas.v1.InputRecord;
import org.flinkllama.schemas.v1.Provenance;
import org.flinkllama.schemas.v1.Reply;
import org.flinkllama.schemas.v1.SourcePosition;
import org.flinkllama.schemas.v1.Turn;

/// Conversations with the bundled model, each about a document that its first turn brings, with replies in parts.
/// What was said outgrows the context, so that old turns are dropped; one turn comes twice and is answered once; and
/// some are refused, where they are read or where they are worked on.
///
/// Replies are drawn as [EnrichmentWorkload] draws its texts, and for the same reasons.
record ConversationWorkload(int conversations, int turns) implements Workload {
    private static final int MAX_TOKENS = 120;
    private static final int STREAM_TOKENS = 16;
    private static final int UNREADABLE_EVERY = 23;
    private static final int TOO_LONG_EVERY = 29;
    private static final int TENANT_EVERY = 3;
    private static final int COMES_AGAIN = 1; // of each conversation's turns
    private static final ReplyFormat REPLIES = ReplyFormat.of(RecordFormat.JSON);

    @Override
    public String input() {
        return "turns";
    }

    @Override
    public int records() {
        return conversations * turns;
    }

    @Override
    public void feed(KafkaConnection kafka) {
        TurnFormat format = TurnFormat.of(RecordFormat.JSON);
        try (RecordFeed feed = new RecordFeed(kafka, input())) {
            for (int number = 0; number < turns; number++) {
                for (int conversation = 0; conversation < conversations; conversation++) {
                    int record = number * conversations + conversation;
                    byte[] key = bytes(id(conversation));
                    boolean unreadable = record % UNREADABLE_EVERY == UNREADABLE_EVERY - 1;
                    byte[] value = unreadable ? bytes("no JSON") : format.write(turn(conversation, number, record));
                    feed.send(key, value, Map.of("number", Integer.toString(record)));
                    if (number > COMES_AGAIN) {
                        continue;
                    }
                }
            }
            feed.flush();
        }
    }
}
