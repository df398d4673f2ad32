package org.flinkllama.jobs.kafka.range;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.flink.api.connector.source.ReaderInfo;
import org.apache.flink.api.connector.source.mocks.MockSplitEnumeratorContext;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class SpanEnumeratorTest {
    private final MockSplitEnumeratorContext<KafkaPartitionSplit> context = new MockSplitEnumeratorContext<>(2);

    @AfterEach
    void close() throws Exception {
        context.close();
    }

    @Test
    void givesEachPartitionToOneReaderAndSaysThatThereAreNoMore() {
        SpanEnumerator enumerator = new SpanEnumerator(context, spans(5));
        comes(enumerator, 0);
        assertThat(enumerator.snapshotState(1))
                .extracting(KafkaPartitionSplit::getPartition)
                .containsExactly(1, 3);
        comes(enumerator, 1);
        assertThat(enumerator.snapshotState(2)).isEmpty();
        assertThat(given(0)).containsExactly(0, 2, 4);
        assertThat(given(1)).containsExactly(1, 3);
        assertThat(context.hasNoMoreSplits(0)).isTrue();
        assertThat(context.hasNoMoreSplits(1)).isTrue();
    }

    @Test
    void letsRestoredReadersEndAlthoughItHasNothingForThem() {
        SpanEnumerator restored = new SpanEnumerator(context, List.of());
        comes(restored, 1);
        assertThat(context.hasNoMoreSplits(1)).isTrue();
        assertThat(context.getSplitsAssignmentSequence()).isEmpty();
    }

    @Test
    void givesAFailedReaderItsPartitionsAgain() {
        SpanEnumerator enumerator = new SpanEnumerator(context, spans(2));
        comes(enumerator, 1);
        enumerator.addSplitsBack(spans(2).subList(1, 2), 1);
        assertThat(enumerator.snapshotState(1)).hasSize(2);
        comes(enumerator, 1);
        assertThat(given(1)).containsExactly(1, 1);
    }

    @Test
    void readsWhatACheckpointHoldsAndNothingElse() throws IOException {
        SpanListSerializer serializer = new SpanListSerializer();
        byte[] bytes = serializer.serialize(spans(3));
        assertThat(serializer.deserialize(serializer.getVersion(), bytes)).isEqualTo(spans(3));
        assertThatThrownBy(() -> serializer.deserialize(3, bytes))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("version 3; expected 100.");
    }

    private void comes(SpanEnumerator enumerator, int subtask) {
        context.registerReader(new ReaderInfo(subtask, "here"));
        enumerator.addReader(subtask);
    }

    private Stream<Integer> given(int subtask) {
        return context.getSplitsAssignmentSequence().stream()
                .flatMap(given -> given.assignment().getOrDefault(subtask, List.of()).stream())
                .map(KafkaPartitionSplit::getPartition);
    }

    private static List<KafkaPartitionSplit> spans(int partitions) {
        return IntStream.range(0, partitions)
                .mapToObj(number -> new KafkaPartitionSplit(new TopicPartition("t", number), 10, 20 + number))
                .toList();
    }
}
