package org.flinkllama.jobs.kafka;

import java.io.IOException;
import java.io.Serial;
import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.time.Duration;
import java.util.Collection;
import org.apache.flink.api.connector.sink2.Committer;
import org.apache.flink.api.connector.sink2.CommitterInitContext;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.StatefulSinkWriter;
import org.apache.flink.api.connector.sink2.SupportsCommitter;
import org.apache.flink.api.connector.sink2.SupportsWriterState;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.connector.kafka.sink.KafkaCommittable;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.sink.KafkaWriterState;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.streaming.api.connector.sink2.CommittableMessage;
import org.apache.flink.streaming.api.connector.sink2.SupportsPostCommitTopology;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.kafka.clients.admin.Admin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Flink's exactly-once sink, whose writers leave no client behind.
///
/// A writer asks an admin client for the transactions of the run before when it begins, and never closes it: its
/// thread would stay in the process, and the job's classes with it, for every start of every task.
///
/// @param sink does all the work
record TidyKafkaSink<T>(KafkaSink<T> sink)
        implements Sink<T>,
                SupportsWriterState<T, KafkaWriterState>,
                SupportsCommitter<KafkaCommittable>,
                SupportsPostCommitTopology<KafkaCommittable> {
    @Serial
    private static final long serialVersionUID = 1L;

    private static final Logger LOG = LoggerFactory.getLogger(TidyKafkaSink.class);
    private static final String ADMIN = "adminClient";

    @Override
    public StatefulSinkWriter<T, KafkaWriterState> createWriter(WriterInitContext context) throws IOException {
        return begun(sink.createWriter(context));
    }

    @Override
    public StatefulSinkWriter<T, KafkaWriterState> restoreWriter(
            WriterInitContext context, Collection<KafkaWriterState> states) throws IOException {
        return begun(sink.restoreWriter(context, states));
    }

    /// The writer, which has asked by now. It would open another client if it had to ask again. A connector that
    /// has no such field, on a cluster that brings its own, keeps whatever it opens.
    private static <T> StatefulSinkWriter<T, KafkaWriterState> begun(StatefulSinkWriter<T, KafkaWriterState> writer) {
        try {
            Field field = writer.getClass().getDeclaredField(ADMIN);
            field.setAccessible(true);
            if (field.get(writer) instanceof Admin admin) {
                admin.close(Duration.ZERO);
                field.set(writer, null);
            }
        } catch (ReflectiveOperationException | InaccessibleObjectException otherConnector) {
            LOG.info("The Kafka connector has no field '{}' to close; a client stays for each task.", ADMIN);
        }
        return writer;
    }

    @Override
    public SimpleVersionedSerializer<KafkaWriterState> getWriterStateSerializer() {
        return sink.getWriterStateSerializer();
    }

    @Override
    public Committer<KafkaCommittable> createCommitter(CommitterInitContext context) {
        return sink.createCommitter(context);
    }

    @Override
    public SimpleVersionedSerializer<KafkaCommittable> getCommittableSerializer() {
        return sink.getCommittableSerializer();
    }

    @Override
    public void addPostCommitTopology(DataStream<CommittableMessage<KafkaCommittable>> committables) {
        sink.addPostCommitTopology(committables);
    }
}
