package org.flinkllama.operators.format.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.flinkllama.operators.format.RecordFormat;
import org.flinkllama.operators.reject.RecordRejectedException;
import org.flinkllama.operators.reject.Rejection;
import org.flinkllama.schemas.v1.Document;
import org.flinkllama.schemas.v1.InputRecord;
import org.flinkllama.schemas.v1.Stage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Documents in the wire format, with a registry on this machine.
final class RegistryCodecTest {
    /// A producer's own schema: less and more than ours, in another order.
    private static final String PRODUCER = """
            {"type": "record", "name": "Document", "namespace": "org.flinkllama.schemas.v1", "fields": [
              {"name": "text", "type": "string"},
              {"name": "mood", "type": {"type": "enum", "name": "Mood", "symbols": ["GLAD", "SAD"]}},
              {"name": "id", "type": "string"}]}""";

    private RegistryDouble registry;
    private RegistryCodec<Document> codec;

    @BeforeEach
    void start() throws IOException {
        registry = new RegistryDouble();
        codec = codec(RegistryAccess.to(registry.url()));
    }

    @AfterEach
    void stop() {
        registry.close();
    }

    @Test
    void writesWhatItReadsBack() throws Exception {
        Document document = Document.newBuilder()
                .setId("a")
                .setText("Änderung")
                .setEventTime(Instant.ofEpochMilli(1_767_000_000_123L))
                .setAttributes(Map.of("desk", "local"))
                .build();
        byte[] value = codec.write(document);
        assertThat(value).startsWith(0, 0, 0, 1, 45);
        registry.has(301, Document.getClassSchema().toString());
        assertThat(codec.read(record(value))).isEqualTo(document);
        assertThat(codec.write(document)).isEqualTo(value);
        assertThat(registry.requests())
                .containsExactly(
                        "POST /subjects/documents-value",
                        "POST /subjects/documents-value/versions",
                        "GET /schemas/ids/301");
    }

    @Test
    void registersNothingThatIsRegistered() {
        codec.register();
        codec(RegistryAccess.to(registry.url())).register();
        assertThat(registry.requests())
                .filteredOn(path -> path.endsWith("/versions"))
                .hasSize(1);
    }

    @Test
    void readsRecordsOfAnotherSchemaByAvrosResolution() throws Exception {
        registry.has(7, PRODUCER);
        Document document = codec.read(record(producer(7)));
        assertThat(document.getId()).isEqualTo("d-1");
        assertThat(document.getText()).isEqualTo("The kettle works.");
        assertThat(document.getQuestions()).isEmpty();
        codec.read(record(producer(7)));
        assertThat(registry.requests()).containsExactly("GET /schemas/ids/7");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"schema\": \"\\\"string\\\"\"} | does not fit",
                "{\"schema\": \"syntax message Document\", \"schemaType\": \"PROTOBUF\"} | type other than AVRO",
                "{\"schema\": \"{\\\"type\\\": \\\"rec\"} | can't be read as an Avro schema",
                "{\"schema\": \"\\\"string\\\"\", \"references\": [{\"name\": \"x\"}]} | refers to other schemas",
                "{\"noSchema\": 1} | can't be read as an Avro schema"
            })
    void refusesRecordsWhoseSchemaIsOfNoUse(String answer, String reason) {
        registry.answers(9, answer);
        byte[] value = {0, 0, 0, 0, 9, 2, 'a'};
        assertThat(refused(value).message()).contains("id 9", reason);
    }

    @Test
    void refusesRecordsOfAnIdThatTheRegistryDoesNotKnow() {
        byte[] value = {0, 0, 0, 3, -25, 2, 'a'};
        assertThat(refused(value).message()).contains("id 999, which is not known to the registry");
        refused(value);
        assertThat(registry.requests()).hasSize(1);
    }

    @Test
    void refusesASchemaOfMoreThanAMegabyte() {
        registry.answers(9, "{\"schema\": \"" + "x".repeat(RegistryRequests.MOST_BYTES) + "\"}");
        assertThat(refused(new byte[] {0, 0, 0, 0, 9, 0}).message()).contains("more than 1048576 bytes");
    }

    @Test
    void refusesARecordThatLacksAFieldThatWeNeed() throws Exception {
        String schema = PRODUCER.replace("\"id\"", "\"name\"");
        registry.has(8, schema);
        Rejection rejection = refused(encoded(8, schema, Map.of("name", "d-1", "text", "x", "mood", "SAD")));
        assertThat(rejection.message()).contains("The schema of id 8 does not fit");
        assertThat(rejection.exceptionClass()).isEqualTo(RecordFormat.class.getName());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "00", "00000000", "c30100", "7b22696422", "ff00000007"})
    void refusesValuesThatAreNotInTheWireFormat(String hex) {
        assertThat(refused(java.util.HexFormat.of().parseHex(hex)).message()).contains("wire format");
    }

    @Test
    void refusesAbsentAndCutAndLongerValues() throws Exception {
        registry.has(7, PRODUCER);
        byte[] whole = producer(7);
        assertThat(refused(null).message()).contains("no value");
        for (int length = 5; length < whole.length; length++) {
            assertThat(refused(Arrays.copyOf(whole, length)).stage()).isEqualTo(Stage.DECODE);
        }
        assertThat(refused(Arrays.copyOf(whole, whole.length + 1)).message()).contains("nothing behind it");
    }

    @Test
    void survivesRandomBytes() {
        registry.has(7, PRODUCER);
        Random random = new Random(11);
        for (int round = 0; round < 2_000; round++) {
            byte[] value = new byte[5 + random.nextInt(60)];
            random.nextBytes(value);
            ByteBuffer.wrap(value).put((byte) 0).putInt(7);
            try {
                codec.read(record(value));
            } catch (RecordRejectedException refused) {
                assertThat(refused.rejection().stage()).isEqualTo(Stage.DECODE);
            }
        }
    }

    @Test
    void asksAgainWhereTheRegistryIsInTrouble() throws Exception {
        registry.has(7, PRODUCER).inTrouble(503, 2);
        assertThat(codec.read(record(producer(7))).getId()).isEqualTo("d-1");
        assertThat(registry.requests()).hasSize(3);
    }

    @Test
    void showsItsCredentialsAndSaysWhereTheyAreRefused() throws Exception {
        registry.has(7, PRODUCER);
        registry.wants("Basic " + Base64.getEncoder().encodeToString("me:pass word".getBytes(StandardCharsets.UTF_8)));
        assertThatThrownBy(() -> codec.read(record(producer(7))))
                .isInstanceOf(RegistryException.class)
                .hasMessageContaining("refuses the credentials (HTTP 401");
        RegistryAccess access = RegistryAccess.to(registry.url()).withBasic("me:pass word");
        assertThat(codec(access).read(record(producer(7))).getId()).isEqualTo("d-1");
        registry.wants("Bearer abc");
        codec(RegistryAccess.to(registry.url()).withBearer("abc")).requireRegistry();
        assertThat(access.toString()).doesNotContain("pass").doesNotContain(access.authorization());
    }

    @Test
    void saysThatAServerIsNoRegistry() {
        RegistryCodec<Document> elsewhere = codec(RegistryAccess.to(registry.url() + "/elsewhere"));
        assertThatThrownBy(elsewhere::requireRegistry)
                .isInstanceOf(RegistryException.class)
                .hasMessageContaining("not as a schema registry does");
    }

    @Test
    void saysThatTheSchemaIsIncompatible() {
        registry.readOnly();
        assertThatThrownBy(codec::register)
                .isInstanceOf(RegistryException.class)
                .hasMessageContaining("documents-value")
                .hasMessageContaining("incompatible");
    }

    @Test
    void goesToATaskManagerAndWorksThere() throws Exception {
        registry.has(7, PRODUCER);
        codec.read(record(producer(7)));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        new ObjectOutputStream(bytes).writeObject(new RegistryDocumentReader(codec));
        RegistryDocumentReader there = (RegistryDocumentReader)
                new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray())).readObject();
        there.prepare();
        assertThat(there.read(record(producer(7))).getId()).isEqualTo("d-1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"registry:8081", "ftp://x", "http://me:secret@x:1", "http://x/?a=b", "http://a b"})
    void refusesAddressesOfNoRegistry(String url) {
        assertThatThrownBy(() -> RegistryAccess.to(url))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("schema-registry")
                .satisfies(refusal -> assertThat(refusal.getMessage()).doesNotContain("secret"));
    }

    private Rejection refused(byte[] value) {
        Rejection rejection = catchThrowableOfType(RecordRejectedException.class, () -> codec.read(record(value)))
                .rejection();
        assertThat(rejection.stage()).isEqualTo(Stage.DECODE);
        return rejection;
    }

    private static RegistryCodec<Document> codec(RegistryAccess access) {
        return new RegistryCodec<>(access, Document.class, "document", "documents");
    }

    private static InputRecord record(byte[] value) {
        return new InputRecord(
                "documents", 0, 0L, null, null, value == null ? null : ByteBuffer.wrap(value), List.of());
    }

    private static byte[] producer(int id) throws IOException {
        return encoded(id, PRODUCER, Map.of("id", "d-1", "text", "The kettle works.", "mood", "SAD"));
    }

    private static byte[] encoded(int id, String json, Map<String, String> fields) throws IOException {
        Schema schema = new Schema.Parser().parse(json);
        GenericRecord record = new GenericData.Record(schema);
        fields.forEach((name, value) -> record.put(
                name,
                name.equals("mood")
                        ? new GenericData.EnumSymbol(schema.getField("mood").schema(), value)
                        : value));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(ByteBuffer.allocate(5).put((byte) 0).putInt(id).array());
        BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(bytes, null);
        new GenericDatumWriter<GenericRecord>(schema).write(record, encoder);
        encoder.flush();
        return bytes.toByteArray();
    }
}
