package org.flinkllama.jobs.archive.read;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.flinkllama.jobs.archive.file.ColumnNames;
import org.flinkllama.jobs.archive.file.Entry;
import org.flinkllama.jobs.archive.file.FileContent;
import org.flinkllama.jobs.archive.file.FileFormat;
import org.flinkllama.jobs.archive.file.Stretch;
import org.junit.jupiter.api.Test;

final class CsvFilesTest {
    @Test
    void makesDocumentsOfRowsAndAttributesOfFurtherColumns() throws IOException {
        assertThat(Reading.told(Reading.entries(
                        "a.csv",
                        "\uFEFFid,text,title,desk\r\n1,\"Say \"\"hi\"\", twice\",,local\r\n2,5\" pipe,T,\r\n")))
                .containsExactly(
                        "2 1 {\"id\":\"1\",\"text\":\"Say \\\"hi\\\", twice\",\"attributes\":{\"desk\":\"local\"}} null",
                        "3 2 {\"id\":\"2\",\"text\":\"5\\\" pipe\",\"title\":\"T\",\"attributes\":{\"desk\":\"\"}} null");
    }

    @Test
    void readsFieldsOfSeveralLinesAndCountsLines() throws IOException {
        assertThat(Reading.told(Reading.entries("a.csv", "text\n\"one\n\ntwo\"\n\nthree\n")))
                .containsExactly(
                        "2 a.csv:2 {\"id\":\"a.csv:2\",\"text\":\"one\\n\\ntwo\"} null",
                        "6 a.csv:6 {\"id\":\"a.csv:6\",\"text\":\"three\"} null");
    }

    @Test
    void readsOtherColumnsAndSeparators() throws IOException {
        ColumnNames columns = new ColumnNames("key", "body", ';');
        FileContent file = Reading.file("a.txt", FileFormat.CSV, columns, "body;key\n\"a;b\";7\n".getBytes(UTF_8));
        assertThat(Reading.told(Reading.entries(file))).containsExactly("2 7 {\"id\":\"7\",\"text\":\"a;b\"} null");
    }

    @Test
    void readsTimesAsTextAndAsMilliseconds() throws IOException {
        assertThat(Reading.entries("a.csv", "text,eventTime\na,1700000000123\nb,2023-11-14T22:13:20Z\n").stream()
                        .map(Reading::text))
                .containsExactly(
                        "{\"id\":\"a.csv:2\",\"text\":\"a\",\"eventTime\":\"2023-11-14T22:13:20.123Z\"}",
                        "{\"id\":\"a.csv:3\",\"text\":\"b\",\"eventTime\":\"2023-11-14T22:13:20Z\"}");
    }

    @Test
    void refusesABrokenRowAndGoesOn() throws IOException {
        List<Entry> entries =
                Reading.entries("a.csv", "id,text\n1,a\n2\n3,b,c\n4,\"x\"y\n5,d\n6,\"never closed\n7,e\n8,\"last\"\n");
        assertThat(entries.stream().map(Entry::number)).containsExactly(2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L);
        assertThat(entries.stream().filter(entry -> entry.refusal() != null).map(Entry::number))
                .containsExactly(3L, 4L, 5L, 7L);
        assertThat(entries.get(1).refusal()).contains("1 fields; expected 2");
        assertThat(Reading.text(entries.get(5))).isEqualTo("6,\"never closed");
    }

    @Test
    void refusesTheFileWhoseHeaderLacksTheColumnOfTheText() throws IOException {
        List<Entry> entries = Reading.entries("a.csv", "id,body\n1,a\n2,b\n");
        assertThat(entries).hasSize(1);
        assertThat(entries.getFirst().refusal()).contains("'text'").contains("--text-column");
        assertThat(Reading.entries("b.csv", "text,text\n1,a\n").getFirst().refusal())
                .contains("twice");
    }

    @Test
    void refusesARowThatIsNotUtf8() throws IOException {
        byte[] rows = "text\nzu\nzX\n".getBytes(UTF_8);
        rows[rows.length - 2] = (byte) 0xFC;
        List<Entry> entries = Reading.entries(Reading.file("a.csv", rows));
        assertThat(entries.stream().map(entry -> entry.refusal() == null)).containsExactly(true, false);
    }

    @Test
    void cutsRowsIntoStretchesThatGiveTheSameEntries() throws IOException {
        StringBuilder rows = new StringBuilder("id,text\n");
        for (int row = 0; row < 300; row++) {
            rows.append(row % 11 == 0 ? ",\"two\nlines, " + row + "\"\n" : row % 13 == 0 ? "x,\"y\n" : row + ",a\n");
        }
        byte[] bytes = rows.toString().getBytes(UTF_8);
        FileContent file = Reading.file("a.csv", bytes);
        List<Entry> whole = Reading.entries(file);
        assertThat(whole).anySatisfy(entry -> assertThat(entry.refusal()).isNotNull());
        for (long size : new long[] {1, 64, 500}) {
            List<Entry> entries = new ArrayList<>();
            for (Stretch stretch : Cursors.cut(file, size)) {
                entries.addAll(Reading.entries(file, stretch));
            }
            assertThat(Reading.told(entries)).isEqualTo(Reading.told(whole));
        }
    }
}
