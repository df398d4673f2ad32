package org.flinkllama.jobs.kafka.range;

import java.util.List;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.kafka.common.TopicPartition;
import org.flinkllama.schemas.v1.InputRecord;

/// Reads a range as Kafka's source does, but knows by itself what there is to read. Kafka's own enumerator looks for
/// it anew when a job goes on: it finds partitions that had nothing to read before, and where it finds none it never
/// tells the readers that nothing more will come, so that the job would not end (FLINK-31006).
///
/// @param range   that a job which begins reads; one that goes on reads what is left of the range that it began with
/// @param readers makes the readers
record TopicRangeSource(TopicRange range, KafkaSource<InputRecord> readers)
        implements Source<InputRecord, KafkaPartitionSplit, List<KafkaPartitionSplit>> {
    private static final long serialVersionUID = 1L;

    @Override
    public Boundedness getBoundedness() {
        return Boundedness.BOUNDED;
    }

    @Override
    public SourceReader<InputRecord, KafkaPartitionSplit> createReader(SourceReaderContext context) throws Exception {
        return readers.createReader(context);
    }

    @Override
    public SplitEnumerator<KafkaPartitionSplit, List<KafkaPartitionSplit>> createEnumerator(
            SplitEnumeratorContext<KafkaPartitionSplit> context) {
        List<KafkaPartitionSplit> all = range.spans().entrySet().stream()
                .map(span -> new KafkaPartitionSplit(
                        new TopicPartition(range.topic(), span.getKey()),
                        span.getValue().from(),
                        span.getValue().to()))
                .toList();
        return new SpanEnumerator(context, all);
    }

    @Override
    public SplitEnumerator<KafkaPartitionSplit, List<KafkaPartitionSplit>> restoreEnumerator(
            SplitEnumeratorContext<KafkaPartitionSplit> context, List<KafkaPartitionSplit> left) {
        return new SpanEnumerator(context, left);
    }

    @Override
    public SimpleVersionedSerializer<KafkaPartitionSplit> getSplitSerializer() {
        return readers.getSplitSerializer();
    }

    @Override
    public SimpleVersionedSerializer<List<KafkaPartitionSplit>> getEnumeratorCheckpointSerializer() {
        return new SpanListSerializer();
    }
}
