package org.flinkllama.schemas.v1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.message.BadHeaderException;
import org.apache.avro.message.BinaryMessageDecoder;
import org.apache.avro.message.BinaryMessageEncoder;
import org.apache.avro.message.MissingSchemaException;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificRecordBase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The bytes on topics without a schema registry.
final class SingleObjectEncodingTest {
    static Stream<Schema> records() {
        return SchemaFiles.current().values().stream();
    }

    @ParameterizedTest
    @MethodSource("records")
    void givesTheEmptiestRecordBack(Schema schema) throws IOException {
        SpecificRecordBase record = instance(ExtremeRecords.emptiest(schema));
        assertThat(throughBytes(record)).isEqualTo(record);
    }

    @ParameterizedTest
    @MethodSource("records")
    void givesTheFullestRecordBack(Schema schema) throws IOException {
        SpecificRecordBase record = instance(ExtremeRecords.fullest(schema));
        assertThat(throughBytes(record)).isEqualTo(record);
    }

    @Test
    void givesALongTextBack() throws IOException {
        String text = "Grüße, 世界 🚲\n".repeat(100_000);
        Document read = Document.getDecoder()
                .decode(Document.getEncoder().encode(document().setText(text).build()));
        assertThat(read.getText()).isEqualTo(text);
    }

    /// UTF-8 has no bytes for half a surrogate pair, so whoever writes one gets a question mark, as everywhere in Java.
    @Test
    void replacesALoneSurrogateByAQuestionMark() throws IOException {
        Document read = Document.getDecoder()
                .decode(Document.getEncoder()
                        .encode(document().setText("a\uD83Db\uDEB2").build()));
        assertThat(read.getText()).isEqualTo("a?b?");
    }

    @Test
    void refusesBytesOfAnotherFormat() {
        assertThatThrownBy(() -> Document.getDecoder().decode("{\"id\":\"1\"}".getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(BadHeaderException.class);
    }

    @Test
    void refusesARecordOfAnUnknownSchema() throws IOException {
        ByteBuffer turn = Turn.getEncoder()
                .encode(Turn.newBuilder().setConversationId("c").setTurnId("t").build());
        assertThatThrownBy(() -> Document.getDecoder().decode(turn)).isInstanceOf(MissingSchemaException.class);
    }

    private static Document.Builder document() {
        return Document.newBuilder().setId("1").setText("");
    }

    private static SpecificRecordBase throughBytes(SpecificRecordBase record) throws IOException {
        SpecificData classes = SpecificData.getForClass(record.getClass());
        ByteBuffer bytes = new BinaryMessageEncoder<SpecificRecordBase>(classes, record.getSchema()).encode(record);
        return new BinaryMessageDecoder<SpecificRecordBase>(classes, record.getSchema()).decode(bytes);
    }

    /// The same record as an instance of its generated class.
    private static SpecificRecordBase instance(GenericData.Record record) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
        new GenericDatumWriter<GenericData.Record>(record.getSchema()).write(record, encoder);
        encoder.flush();
        Class<?> type = SpecificData.get().getClass(record.getSchema());
        SpecificDatumReader<SpecificRecordBase> reader = new SpecificDatumReader<>(
                record.getSchema(), SpecificData.get().getSchema(type), SpecificData.getForClass(type));
        return reader.read(null, DecoderFactory.get().binaryDecoder(bytes.toByteArray(), null));
    }
}
