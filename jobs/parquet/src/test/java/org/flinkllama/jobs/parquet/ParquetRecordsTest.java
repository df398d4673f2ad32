package org.flinkllama.jobs.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.parquet.column.ParquetProperties.WriterVersion;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.NanoTime;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.flinkllama.jobs.archive.ArchiveDocumentReader;
import org.flinkllama.jobs.archive.file.ColumnNames;
import org.flinkllama.jobs.archive.file.Entry;
import org.flinkllama.jobs.archive.file.FileContent;
import org.flinkllama.jobs.archive.file.Stretch;
import org.flinkllama.operators.reject.RecordRejectedException;
import org.flinkllama.schemas.v1.Document;
import org.flinkllama.schemas.v1.InputRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ParquetRecordsTest {
    @TempDir
    private Path folder;

    @Test
    void readsDocumentsWithAllTheirFieldsInEveryCodecAndShape() throws Exception {
        List<Document> documents =
                IntStream.range(0, 60).mapToObj(ParquetRecordsTest::document).toList();
        for (CompressionCodecName codec : List.of(
                CompressionCodecName.UNCOMPRESSED,
                CompressionCodecName.SNAPPY,
                CompressionCodecName.GZIP,
                CompressionCodecName.ZSTD,
                CompressionCodecName.LZ4_RAW)) {
            for (WriterVersion version : WriterVersion.values()) {
                Written written = new Written(codec, version, codec == CompressionCodecName.GZIP, 1 << 20);
                List<Entry> entries = Written.entries(Written.file(written.documents(folder, documents)));
                assertThat(entries).as("%s", written).allSatisfy(entry -> assertThat(entry.refusal())
                        .isNull());
                assertThat(entries).extracting(Entry::number).first().isEqualTo(1L);
                assertThat(documents(entries)).as("%s", written).isEqualTo(documents);
            }
        }
    }

    @Test
    void readsEachRowInOneOfItsStretches() throws IOException {
        List<Document> documents =
                IntStream.range(0, 4000).mapToObj(ParquetRecordsTest::document).toList();
        FileContent file =
                Written.file(new Written(CompressionCodecName.UNCOMPRESSED, WriterVersion.PARQUET_2_0, false, 20_000)
                        .documents(folder, documents));
        List<Stretch> stretches = new ParquetRecords().cut(file, 1);
        assertThat(stretches).hasSizeGreaterThan(3);
        assertThat(new ParquetRecords().cut(file, 60_000)).hasSizeBetween(2, stretches.size() - 1);
        List<Entry> joined = new ArrayList<>();
        for (Stretch stretch : stretches) {
            List<Entry> entries = Written.entries(file, stretch);
            assertThat(entries.getFirst().number()).isEqualTo(stretch.firstNumber());
            joined.addAll(entries);
        }
        assertThat(told(joined)).isEqualTo(told(Written.entries(file))).hasSize(documents.size());
    }

    @Test
    void takesColumnsByTheirNamesAndMakesAttributesOfTheOthers() throws Exception {
        MessageType schema = MessageTypeParser.parseMessageType("""
                message schema {
                  optional binary key; optional binary body (STRING); optional int64 eventTime (TIMESTAMP(MICROS,true));
                  optional int32 pages (INTEGER(32,false)); optional boolean open; optional double weight;
                  optional int32 day (DATE); optional int64 price (DECIMAL(9,2)); optional int96 seen;
                  optional binary picture; optional group nested { optional binary text (STRING); }
                  repeated binary tags (STRING); optional binary kind (ENUM);
                }
                """);
        Group row = new SimpleGroup(schema)
                .append("key", Binary.fromString("k-1"))
                .append("body", "Gräte 🐟")
                .append("eventTime", 1_700_000_000_123_456L)
                .append("pages", -1)
                .append("open", true)
                .append("weight", 0.5)
                .append("day", 19_000)
                .append("price", 1234L)
                .append("seen", new NanoTime(2_440_589, 1_000_000_000L))
                .append("picture", Binary.fromConstantByteArray(new byte[] {1, 2}))
                .append("tags", "x")
                .append("kind", "news");
        byte[] bytes = Written.USUAL.rows(folder, schema, List.of(row, new SimpleGroup(schema)));
        List<Entry> entries = Written.entries(Written.file("b.parquet", new ColumnNames("key", "body", ','), bytes));
        Document document = document(entries.getFirst());
        assertThat(document.getId()).isEqualTo("k-1");
        assertThat(document.getText()).isEqualTo("Gräte 🐟");
        assertThat(document.getEventTime()).isEqualTo(Instant.parse("2023-11-14T22:13:20.123Z"));
        assertThat(document.getAttributes())
                .isEqualTo(Map.of(
                        "pages", "4294967295",
                        "open", "true",
                        "weight", "0.5",
                        "day", "2022-01-08",
                        "price", "12.34",
                        "seen", "1970-01-02T00:00:01Z",
                        "kind", "news"));
        assertThat(document(entries.get(1)).getId()).isEqualTo("b.parquet:2");
        assertThat(document(entries.get(1)).getText()).isEmpty();
    }

    @Test
    void saysWhichColumnIsMissingOrOfNoUse() throws IOException {
        byte[] nested = Written.USUAL.rows(
                folder,
                MessageTypeParser.parseMessageType(
                        "message m { required binary id (STRING); required group text { required binary text (STRING); } }"),
                List.of());
        assertThat(refusal(Written.file(nested)))
                .isEqualTo("The column 'text' is nested; expected one string a row."
                        + " Name the column of the text by --text-column.");
        byte[] repeated = Written.USUAL.rows(
                folder, MessageTypeParser.parseMessageType("message m { repeated binary text (STRING); }"), List.of());
        assertThat(refusal(Written.file(repeated))).contains("'text' is nested");
        byte[] other = Written.USUAL.rows(
                folder, MessageTypeParser.parseMessageType("message m { required binary body (STRING); }"), List.of());
        assertThat(refusal(Written.file(other))).contains("no column 'text'; expected one", "body");
        byte[] bson = Written.USUAL.rows(
                folder, MessageTypeParser.parseMessageType("message m { required binary text (BSON); }"), List.of());
        assertThat(refusal(Written.file(bson))).contains("'text' is BINARY of BSON");
    }

    @Test
    void refusesRowsThatAreNoText() throws IOException {
        MessageType schema = MessageTypeParser.parseMessageType("message m { required binary text (STRING); }");
        byte[] bytes = Written.USUAL.rows(
                folder,
                schema,
                List.of(
                        new SimpleGroup(schema)
                                .append("text", Binary.fromConstantByteArray(new byte[] {'a', (byte) 0xE4})),
                        new SimpleGroup(schema).append("text", "b")));
        List<Entry> entries = Written.entries(Written.file(bytes));
        assertThat(entries).hasSize(2);
        assertThat(entries.getFirst().refusal()).contains("The 2 bytes in the column 'text' are not UTF-8");
        assertThat(entries.getFirst().value()).containsExactly('a', 0xE4);
        assertThat(entries.get(1).refusal()).isNull();
    }

    @Test
    void refusesARowThatIsTooLong() throws IOException {
        MessageType schema = MessageTypeParser.parseMessageType(
                "message m { required binary text (STRING); required binary more (STRING); }");
        String half = "a".repeat(17 << 20);
        byte[] bytes = Written.USUAL.rows(
                folder,
                schema,
                List.of(
                        new SimpleGroup(schema).append("text", half).append("more", half),
                        new SimpleGroup(schema).append("text", "b").append("more", "c")));
        List<Entry> entries = Written.entries(Written.file(bytes));
        assertThat(entries).extracting(entry -> entry.refusal() != null).containsExactly(true, false);
        assertThat(entries.getFirst().refusal()).contains("longer than 33554432 bytes");
    }

    private String refusal(FileContent file) throws IOException {
        List<Entry> entries = Written.entries(file);
        assertThat(entries).hasSize(1);
        assertThat(entries.getFirst().number()).isEqualTo(1);
        assertThat(new ParquetRecords().cut(file, 1)).containsExactly(Stretch.whole());
        return entries.getFirst().refusal();
    }

    static Document document(int number) {
        return Document.newBuilder()
                .setId("document-" + number)
                .setText("The kettle number " + number + ". " + "I like it. ".repeat(number % 7))
                .setTitle(number % 3 == 0 ? null : "Title " + number % 2)
                .setEventTime(number % 2 == 0 ? null : Instant.ofEpochMilli(1_700_000_000_000L + number))
                .setQuestions(IntStream.range(0, number % 3)
                        .mapToObj(question -> "Why " + question + "?")
                        .toList())
                .setAttributes(number % 4 == 0 ? Map.of() : Map.of("kind", "news", "text", "t" + number))
                .build();
    }

    static List<String> told(List<Entry> entries) {
        return entries.stream()
                .map(entry -> entry.number() + " " + entry.id() + " "
                        + new String(entry.value(), StandardCharsets.UTF_8) + " " + entry.refusal())
                .toList();
    }

    private static List<Document> documents(List<Entry> entries) throws RecordRejectedException {
        List<Document> documents = new ArrayList<>();
        for (Entry entry : entries) {
            documents.add(document(entry));
        }
        return documents;
    }

    private static Document document(Entry entry) throws RecordRejectedException {
        Document document = new ArchiveDocumentReader()
                .read(new InputRecord("a", 0, 1L, null, null, ByteBuffer.wrap(entry.value()), List.of()));
        assertThat(entry.id()).isEqualTo(document.getId());
        return document;
    }
}
