package org.flinkllama.jobs.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.flink.api.common.functions.util.ListCollector;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.flinkllama.operators.reject.DeadLetterHeaders;
import org.flinkllama.schemas.v1.DeadLetter;
import org.flinkllama.schemas.v1.Enrichment;
import org.flinkllama.schemas.v1.InputRecord;
import org.flinkllama.schemas.v1.Provenance;
import org.flinkllama.schemas.v1.Stage;
import org.junit.jupiter.api.Test;

final class RecordSchemasTest {
    private static final byte[] KEY = {0, -1, 7};
    private static final byte[] VALUE = {(byte) 0xC3, 0x28, 0};

    @Test
    void readsARecordWithItsBytesUntouched() {
        InputRecord record = read(consumed(KEY, VALUE));
        assertThat(record.getTopic()).isEqualTo("documents");
        assertThat(record.getPartition()).isEqualTo(3);
        assertThat(record.getOffset()).isEqualTo(42);
        assertThat(record.getTimestamp()).isEqualTo(1_700_000_000_000L);
        assertThat(record.getKey().array()).isEqualTo(KEY);
        assertThat(record.getValue().array()).isEqualTo(VALUE);
        assertThat(record.getHeaders()).hasSize(2);
        assertThat(record.getHeaders().getLast().getValue()).isNull();
    }

    @Test
    void readsARecordWithoutKeyAndValue() {
        InputRecord record = read(consumed(null, null));
        assertThat(record.getKey()).isNull();
        assertThat(record.getValue()).isNull();
    }

    @Test
    void writesADeadLetterAsItCameWithHeadersThatSayWhy() {
        DeadLetter letter = new DeadLetter(read(consumed(KEY, VALUE)), Stage.DECODE, "example.Refused", "No JSON.");
        DeadLetterSchema schema = new DeadLetterSchema("refused");
        schema.serialize(letter, null, null);
        ProducerRecord<byte[], byte[]> written = schema.serialize(letter, null, null);
        assertThat(written.topic()).isEqualTo("refused");
        assertThat(written.key()).isEqualTo(KEY);
        assertThat(written.value()).isEqualTo(VALUE);
        List<Header> headers = new ArrayList<>();
        written.headers().forEach(headers::add);
        assertThat(headers).extracting(Header::key).startsWith("trace", "empty").hasSize(8);
        assertThat(headers.get(1).value()).isNull();
        assertThat(text(written.headers().lastHeader(DeadLetterHeaders.OFFSET))).isEqualTo("42");
        assertThat(text(written.headers().lastHeader(DeadLetterHeaders.EXCEPTION_MESSAGE)))
                .isEqualTo("No JSON.");
    }

    @Test
    void writesAnEnrichmentUnderItsDocumentsId() {
        Enrichment enrichment = Enrichment.newBuilder()
                .setDocumentId("茶-1")
                .setProvenance(Provenance.newBuilder()
                        .setModelName("m")
                        .setModelSha256("0")
                        .setPromptVersion("p")
                        .setPromptTokens(1)
                        .setCompletionTokens(1)
                        .build())
                .build();
        ProducerRecord<byte[], byte[]> written = new ValueSchema<Enrichment>(
                        "enrichments", Enrichment::getDocumentId, _ -> VALUE)
                .serialize(enrichment, null, 5L);
        assertThat(written.key()).isEqualTo("茶-1".getBytes(StandardCharsets.UTF_8));
        assertThat(written.value()).isEqualTo(VALUE);
        assertThat(written.timestamp()).isNull();
    }

    private static InputRecord read(ConsumerRecord<byte[], byte[]> record) {
        List<InputRecord> read = new ArrayList<>();
        new InputRecordSchema().deserialize(record, new ListCollector<>(read));
        return read.getFirst();
    }

    private static ConsumerRecord<byte[], byte[]> consumed(byte[] key, byte[] value) {
        RecordHeaders headers = new RecordHeaders();
        headers.add("trace", new byte[] {1});
        headers.add("empty", null);
        return new ConsumerRecord<>(
                "documents",
                3,
                42,
                1_700_000_000_000L,
                TimestampType.CREATE_TIME,
                0,
                0,
                key,
                value,
                headers,
                Optional.empty());
    }

    private static String text(Header header) {
        return new String(header.value(), StandardCharsets.UTF_8);
    }
}
