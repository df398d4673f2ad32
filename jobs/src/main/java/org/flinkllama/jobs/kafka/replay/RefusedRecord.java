package org.flinkllama.jobs.kafka.replay;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.flinkllama.jobs.kafka.replay.ReplayTally.Verdict;
import org.flinkllama.operators.reject.DeadLetterHeaders;

/// A record of a dead-letter topic and what its headers say. Where a record was refused several times, the headers
/// of the last time count, which stand behind the others.
record RefusedRecord(ConsumerRecord<byte[], byte[]> record) {
    /// How often the record was sent back before, as text.
    static final String REPLAYS = DeadLetterHeaders.PREFIX + "replays";

    Verdict verdict(ReplayOptions options) {
        Optional<String> stage = header(DeadLetterHeaders.STAGE);
        if (stage.isEmpty() || header(DeadLetterHeaders.TOPIC).isEmpty()) {
            return Verdict.FOREIGN;
        }
        if (!options.stages().isEmpty() && !options.stages().contains(stage.get())) {
            return Verdict.OTHER_STAGE;
        }
        return replays() < options.maxReplays() ? Verdict.REPLAYED : Verdict.EXHAUSTED;
    }

    /// The record as it once came in, with one more header that counts.
    ProducerRecord<byte[], byte[]> again(ReplayOptions options) {
        String topic =
                options.target().or(() -> header(DeadLetterHeaders.TOPIC)).orElseThrow();
        ProducerRecord<byte[], byte[]> again = new ProducerRecord<>(topic, record.key(), record.value());
        for (Header header : record.headers()) {
            if (!header.key().startsWith(DeadLetterHeaders.PREFIX)) {
                again.headers().add(header);
            }
        }
        again.headers().add(REPLAYS, Integer.toString(replays() + 1).getBytes(StandardCharsets.UTF_8));
        return again;
    }

    /// A count that can't be read, which only a stranger can have written, is as good as none.
    private int replays() {
        return header(REPLAYS)
                .filter(count -> count.matches("[0-9]{1,6}"))
                .map(Integer::parseInt)
                .orElse(0);
    }

    private Optional<String> header(String name) {
        return Optional.ofNullable(record.headers().lastHeader(name))
                .map(Header::value)
                .map(value -> new String(value, StandardCharsets.UTF_8));
    }
}
