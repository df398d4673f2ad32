package org.flinkllama.jobs.archive.read;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.file.CodecFactory;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.specific.SpecificDatumWriter;
import org.flinkllama.jobs.archive.file.ColumnNames;
import org.flinkllama.jobs.archive.file.Entry;
import org.flinkllama.jobs.archive.file.FileContent;
import org.flinkllama.jobs.archive.file.FileFormat;
import org.flinkllama.jobs.archive.file.Stretch;
import org.flinkllama.operators.format.AvroDocumentReader;
import org.flinkllama.operators.reject.RecordRejectedException;
import org.flinkllama.schemas.v1.Document;
import org.flinkllama.schemas.v1.InputRecord;
import org.junit.jupiter.api.Test;

final class AvroFilesTest {
    private static final int RECORDS = 400;

    @Test
    void readsDocumentsInEveryCodec() throws IOException, RecordRejectedException {
        for (String codec : List.of("null", "deflate", "zstandard", "bzip2")) {
            List<Entry> entries = Reading.entries(Reading.file("a.avro", documents(codec)));
            assertThat(entries).hasSize(RECORDS);
            for (int index = 0; index < RECORDS; index++) {
                assertThat(entries.get(index).number()).isEqualTo(index + 1);
                assertThat(document(entries.get(index))).isEqualTo(document(index));
            }
        }
    }

    @Test
    void losesOnlyTheRecordsOfABrokenBlock() throws IOException {
        byte[] file = documents("deflate");
        byte[] damaged = file.clone();
        Arrays.fill(damaged, file.length / 2, file.length / 2 + 40, (byte) 0x55);
        List<Entry> entries = Reading.entries(Reading.file("a.avro", damaged));
        List<Entry> refused =
                entries.stream().filter(entry -> entry.refusal() != null).toList();
        assertThat(refused).hasSize(1);
        assertThat(entries.size()).isBetween(RECORDS / 2, RECORDS);
        assertThat(entries.getLast().number()).isEqualTo(RECORDS);
        assertThat(entries.getLast().id()).isEqualTo("document-" + (RECORDS - 1));
    }

    @Test
    void goesOnBehindTheNextMarkerWhereALengthIsBroken() throws IOException {
        byte[] file = documents("null");
        Stretch second = Cursors.cut(Reading.file("a.avro", file), 1).get(1);
        byte[] damaged = file.clone();
        Arrays.fill(damaged, (int) second.offset(), (int) second.offset() + 6, (byte) 0xFF);
        List<Entry> entries = Reading.entries(Reading.file("a.avro", damaged));
        assertThat(entries.stream().filter(entry -> entry.refusal() != null)).hasSize(1);
        assertThat(entries.getLast().id()).isEqualTo("document-" + (RECORDS - 1));
    }

    @Test
    void refusesWhatIsNoContainerAndAContainerThatIsCutOff() throws IOException {
        assertThat(Reading.entries("a.avro", "no Avro at all"))
                .singleElement()
                .satisfies(entry -> assertThat(entry.refusal()).contains("no Avro container"));
        byte[] file = documents("null");
        List<Entry> entries = Reading.entries(Reading.file("a.avro", Arrays.copyOf(file, file.length - 30)));
        assertThat(entries.getLast().refusal()).contains("cut off");
        assertThat(entries).hasSizeGreaterThan(RECORDS / 2);
    }

    @Test
    void readsRecordsOfAnotherSchemaByTheNamesOfTheirFields() throws IOException {
        Schema schema = SchemaBuilder.record("Note")
                .fields()
                .requiredString("body")
                .requiredInt("key")
                .optionalString("desk")
                .name("eventTime")
                .type()
                .unionOf()
                .nullType()
                .and()
                .type(LogicalTypes.timestampMicros().addToSchema(Schema.create(Schema.Type.LONG)))
                .endUnion()
                .noDefault()
                .name("day")
                .type(LogicalTypes.date().addToSchema(Schema.create(Schema.Type.INT)))
                .noDefault()
                .name("tags")
                .type()
                .array()
                .items()
                .stringType()
                .noDefault()
                .endRecord();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataFileWriter<GenericData.Record> writer = new DataFileWriter<>(new GenericDatumWriter<>(schema))) {
            writer.create(schema, bytes);
            GenericData.Record note = new GenericData.Record(schema);
            note.put("body", "A text.");
            note.put("key", 7);
            note.put("desk", "local");
            note.put("eventTime", 1_700_000_000_123_456L);
            note.put("day", 19_000);
            note.put("tags", List.of("t"));
            writer.append(note);
        }
        ColumnNames columns = new ColumnNames("key", "body", ',');
        FileContent file = Reading.file("a.avro", FileFormat.AVRO, columns, bytes.toByteArray());
        assertThat(Reading.told(Reading.entries(file)))
                .containsExactly("1 7 {\"id\":\"7\",\"text\":\"A text.\",\"eventTime\":\"2023-11-14T22:13:20.123456Z\","
                        + "\"attributes\":{\"desk\":\"local\",\"day\":\"2022-01-08\"}} null");
        assertThat(Reading.entries(Reading.file("a.avro", bytes.toByteArray())))
                .singleElement()
                .satisfies(entry -> assertThat(entry.refusal()).contains("no field 'text'"));
    }

    @Test
    void cutsBlocksIntoStretchesThatGiveTheSameEntries() throws IOException {
        byte[] bytes = documents("deflate");
        FileContent file = Reading.file("a.avro", bytes);
        List<Stretch> stretches = Cursors.cut(file, 1);
        List<Entry> entries = new ArrayList<>();
        for (Stretch stretch : stretches) {
            entries.addAll(Reading.entries(file, stretch));
        }
        assertThat(stretches).hasSizeGreaterThan(3);
        assertThat(Reading.told(entries)).isEqualTo(Reading.told(Reading.entries(file)));
    }

    private static Document document(int number) {
        return Document.newBuilder()
                .setId("document-" + number)
                .setText("Number " + number + " is a text. ".repeat(number % 20))
                .setAttributes(Map.of("n", Integer.toString(number)))
                .build();
    }

    private static byte[] documents(String codec) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataFileWriter<Document> writer = new DataFileWriter<>(new SpecificDatumWriter<>(Document.class))) {
            writer.setCodec(CodecFactory.fromString(codec));
            writer.setSyncInterval(4000);
            writer.create(Document.getClassSchema(), bytes);
            for (int number = 0; number < RECORDS; number++) {
                writer.append(document(number));
            }
        }
        return bytes.toByteArray();
    }

    private static Document document(Entry entry) throws RecordRejectedException {
        return new AvroDocumentReader()
                .read(new InputRecord("f", 0, entry.number(), null, null, ByteBuffer.wrap(entry.value()), List.of()));
    }
}
