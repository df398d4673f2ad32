package org.flinkllama.operators.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.flinkllama.operators.SampleRecords;
import org.flinkllama.operators.reject.RecordRejectedException;
import org.flinkllama.schemas.v1.Document;
import org.flinkllama.schemas.v1.Stage;
import org.junit.jupiter.api.Test;

class AvroDocumentReaderTest {
    private static final Document DOCUMENT = Document.newBuilder()
            .setId("a")
            .setText("Grüße 你好 😀")
            .setEventTime(Instant.ofEpochMilli(12))
            .setQuestions(List.of("Who?", "Where?"))
            .setAttributes(Map.of("kind", "letter"))
            .build();

    private final DocumentReader reader = new AvroDocumentReader();

    @Test
    void readsWhatAvroWrote() throws IOException, RecordRejectedException {
        assertThat(reader.read(SampleRecords.record(1, encoded()))).isEqualTo(DOCUMENT);
    }

    @Test
    void refusesARecordCutOffAnywhere() throws IOException {
        byte[] encoded = encoded();
        for (int length = 0; length < encoded.length; length++) {
            assertThat(message(Arrays.copyOf(encoded, length))).isNotEmpty();
        }
    }

    @Test
    void refusesJsonAndSaysSo() {
        assertThat(message("{\"id\": \"a\", \"text\": \"b\"}".getBytes(StandardCharsets.UTF_8)))
                .contains("begins with '7b22'; expected Avro's single-object encoding")
                .contains("Set the input format to JSON");
    }

    @Test
    void refusesAnotherSchema() throws IOException {
        byte[] encoded = encoded();
        encoded[5] ^= 1;

        assertThat(message(encoded)).contains("was written with the schema of fingerprint");
    }

    @Test
    void refusesBytesBehindTheDocument() throws IOException {
        byte[] encoded = encoded();

        assertThat(message(Arrays.copyOf(encoded, encoded.length + 2)))
                .contains("ends after " + encoded.length + " bytes of " + (encoded.length + 2));
    }

    @Test
    void refusesLengthsThatLieBeforeReservingMemoryForThem() throws IOException {
        for (long lie : new long[] {1L << 31, Integer.MAX_VALUE - 20, Long.MAX_VALUE, Long.MIN_VALUE, 1 << 30}) {
            assertThat(message(lyingId(lie))).contains("damaged or cut off");
            assertThat(message(lyingQuestions(lie))).contains("damaged or cut off");
        }
    }

    @Test
    void refusesAStringThatIsNotUtf8() throws IOException {
        byte[] encoded = encoded();
        encoded[11] = (byte) 0xFF;

        assertThat(message(encoded)).contains("damaged or cut off");
    }

    @Test
    void survivesDamageAnywhere() throws IOException {
        SplittableRandom random = new SplittableRandom(1);
        byte[] encoded = encoded();
        int refused = 0;
        for (int round = 0; round < 2000; round++) {
            byte[] damaged = encoded.clone();
            damaged[10 + random.nextInt(encoded.length - 10)] = (byte) random.nextInt();
            try {
                reader.read(SampleRecords.record(1, damaged));
            } catch (RecordRejectedException e) {
                refused++;
            }
        }
        assertThat(refused).isPositive();
    }

    private static byte[] encoded() throws IOException {
        return Document.getEncoder().encode(DOCUMENT).array().clone();
    }

    private static byte[] lyingId(long length) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(encoded(), 0, 10);
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
        encoder.writeLong(length);
        encoder.writeFixed(new byte[40]);
        encoder.flush();
        return bytes.toByteArray();
    }

    private static byte[] lyingQuestions(long count) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(encoded(), 0, 10);
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
        encoder.writeString("a");
        encoder.writeString("b");
        for (int absent = 0; absent < 3; absent++) {
            encoder.writeIndex(0);
        }
        encoder.writeLong(count);
        encoder.writeFixed(new byte[40]);
        encoder.flush();
        return bytes.toByteArray();
    }

    private String message(byte[] value) {
        RecordRejectedException rejected =
                catchThrowableOfType(RecordRejectedException.class, () -> reader.read(SampleRecords.record(1, value)));
        assertThat(rejected).as("%d bytes", value.length).isNotNull();
        assertThat(rejected.rejection().stage()).isEqualTo(Stage.DECODE);
        return rejected.rejection().message();
    }
}
