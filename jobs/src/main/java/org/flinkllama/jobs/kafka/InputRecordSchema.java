package org.flinkllama.jobs.kafka;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.record.TimestampType;
import org.flinkllama.schemas.v1.InputHeader;
import org.flinkllama.schemas.v1.InputRecord;

/// A Kafka record with its bytes untouched: whatever it holds, it can be returned whole.
public final class InputRecordSchema implements KafkaRecordDeserializationSchema<InputRecord> {
    private static final long serialVersionUID = 1L;

    @Override
    public void deserialize(ConsumerRecord<byte[], byte[]> record, Collector<InputRecord> out) {
        out.collect(inputRecord(record));
    }

    static InputRecord inputRecord(ConsumerRecord<byte[], byte[]> record) {
        List<InputHeader> headers = new ArrayList<>();
        for (Header header : record.headers()) {
            headers.add(new InputHeader(header.key(), buffer(header.value())));
        }
        Long timestamp = record.timestampType() == TimestampType.NO_TIMESTAMP_TYPE ? null : record.timestamp();
        return new InputRecord(
                record.topic(),
                record.partition(),
                record.offset(),
                timestamp,
                buffer(record.key()),
                buffer(record.value()),
                headers);
    }

    @Override
    public TypeInformation<InputRecord> getProducedType() {
        return new AvroTypeInfo<>(InputRecord.class);
    }

    private static ByteBuffer buffer(byte[] bytes) {
        return bytes == null ? null : ByteBuffer.wrap(bytes);
    }
}
