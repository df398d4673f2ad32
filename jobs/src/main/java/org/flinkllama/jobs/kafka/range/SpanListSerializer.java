package org.flinkllama.jobs.kafka.range;

import java.io.IOException;
import java.util.List;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplitSerializer;
import org.apache.flink.core.io.SimpleVersionedSerialization;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;

/// What no reader has yet, in a checkpoint.
final class SpanListSerializer implements SimpleVersionedSerializer<List<KafkaPartitionSplit>> {
    private static final int VERSION = 100; // none of those that Kafka's own enumerator writes

    private final KafkaPartitionSplitSerializer spans = new KafkaPartitionSplitSerializer();

    @Override
    public int getVersion() {
        return VERSION;
    }

    @Override
    public byte[] serialize(List<KafkaPartitionSplit> left) throws IOException {
        DataOutputSerializer bytes = new DataOutputSerializer(64);
        SimpleVersionedSerialization.writeVersionAndSerializeList(spans, left, bytes);
        return bytes.getCopyOfBuffer();
    }

    @Override
    public List<KafkaPartitionSplit> deserialize(int version, byte[] bytes) throws IOException {
        if (version != VERSION) {
            throw new IOException("The range of the backfill's topic is stored in version " + version + "; expected "
                    + VERSION + ". Begin the backfill anew, or go on with the release that began it.");
        }
        return SimpleVersionedSerialization.readVersionAndDeserializeList(spans, new DataInputDeserializer(bytes));
    }
}
