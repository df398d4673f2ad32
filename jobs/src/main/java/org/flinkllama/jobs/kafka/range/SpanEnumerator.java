package org.flinkllama.jobs.kafka.range;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.connector.source.SplitsAssignment;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;

/// Gives each reader its partitions when it comes, and tells it that there will be no more. A reader that is restored
/// brings what it had not read. Used by one thread.
final class SpanEnumerator implements SplitEnumerator<KafkaPartitionSplit, List<KafkaPartitionSplit>> {
    private final SplitEnumeratorContext<KafkaPartitionSplit> context;
    private final List<KafkaPartitionSplit> left; // that no reader has

    SpanEnumerator(SplitEnumeratorContext<KafkaPartitionSplit> context, List<KafkaPartitionSplit> left) {
        this.context = context;
        this.left = new ArrayList<>(left);
    }

    @Override
    public void start() {
        // Readers that come ask for their partitions.
    }

    @Override
    public void addReader(int subtask) {
        List<KafkaPartitionSplit> own =
                left.stream().filter(span -> reader(span) == subtask).toList();
        left.removeAll(own);
        if (!own.isEmpty()) {
            context.assignSplits(new SplitsAssignment<>(Map.of(subtask, own)));
        }
        context.signalNoMoreSplits(subtask);
    }

    private int reader(KafkaPartitionSplit span) {
        return span.getTopicPartition().partition() % context.currentParallelism();
    }

    /// The reader has failed, and comes again.
    @Override
    public void addSplitsBack(List<KafkaPartitionSplit> spans, int subtask) {
        left.addAll(spans);
    }

    @Override
    public void handleSplitRequest(int subtask, String host) {
        throw new IllegalStateException(
                "Reader " + subtask + " asks for a partition; expected it to wait for its own.");
    }

    @Override
    public List<KafkaPartitionSplit> snapshotState(long checkpoint) {
        return List.copyOf(left);
    }

    @Override
    public void close() {
        // It holds nothing.
    }
}
