package org.flinkllama.jobs.archive.read;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.ZstdOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.flinkllama.jobs.archive.file.ColumnNames;
import org.flinkllama.jobs.archive.file.Entry;
import org.flinkllama.jobs.archive.file.FileContent;
import org.flinkllama.jobs.archive.file.FileFormat;
import org.flinkllama.jobs.archive.file.Stretch;
import org.junit.jupiter.api.Test;

final class LineFilesTest {
    private static final String A = "{\"id\":\"a\",\"text\":\"A kettle.\"}";
    private static final String B = "{\"text\":\"A train.\",\"id\":\"b\"}";

    @Test
    void leavesTheBytesOfAJsonLineAsTheyAre() throws IOException {
        List<Entry> entries = Reading.entries("a.jsonl", A + "\n" + B + "\n");
        assertThat(Reading.told(entries)).containsExactly("1 a " + A + " null", "2 b " + B + " null");
    }

    @Test
    void knowsCrLfTheByteOrderMarkBlankLinesAndALastLineWithoutItsEnd() throws IOException {
        List<Entry> entries = Reading.entries("a.jsonl", "\uFEFF" + A + "\r\n\r\n  \t\n" + B);
        assertThat(Reading.told(entries)).containsExactly("1 a " + A + " null", "4 b " + B + " null");
    }

    @Test
    void anEmptyFileHasNoRecords() throws IOException {
        assertThat(Reading.entries("a.jsonl", "")).isEmpty();
        assertThat(Reading.entries("a.csv", "")).isEmpty();
        assertThat(Reading.entries("a.txt", "")).isEmpty();
        assertThat(Reading.entries("a.txt", "\uFEFF")).isEmpty();
    }

    @Test
    void putsAnIdMadeOfFileAndLineInFrontWhereThereIsNone() throws IOException {
        List<Entry> entries = Reading.entries(
                "x/\"a\".jsonl",
                " {\"text\":\"T\", \"title\":null}\n{ }\n{\"id\":null}\n{\"attributes\":{\"id\":\"n\"}}");
        assertThat(Reading.told(entries))
                .containsExactly(
                        "1 x/\"a\".jsonl:1 {\"id\":\"x/\\\"a\\\".jsonl:1\",\"text\":\"T\", \"title\":null} null",
                        "2 x/\"a\".jsonl:2 {\"id\":\"x/\\\"a\\\".jsonl:2\" } null",
                        "3 null {\"id\":null} null",
                        "4 x/\"a\".jsonl:4 {\"id\":\"x/\\\"a\\\".jsonl:4\",\"attributes\":{\"id\":\"n\"}} null");
    }

    @Test
    void leavesLinesThatAreNoJsonToWhoeverReadsDocuments() throws IOException {
        List<Entry> entries = Reading.entries("a.jsonl", "{\"id\":\n[1]\n" + A + "\nnull\n{\"text\":\"a\"");
        assertThat(entries).allSatisfy(entry -> assertThat(entry.refusal()).isNull());
        assertThat(entries.stream().map(Reading::text).toList())
                .containsExactly("{\"id\":", "[1]", A, "null", "{\"text\":\"a\"");
    }

    @Test
    void readsGzipAndZstdOfSeveralMembers() throws IOException {
        byte[] lines = (A + "\n" + B + "\n").getBytes(UTF_8);
        for (String name : List.of("a.jsonl.gz", "a.jsonl.ZST")) {
            byte[] member =
                    Reading.compressed(lines, name.endsWith("gz") ? GZIPOutputStream::new : ZstdOutputStream::new);
            byte[] twice = Arrays.copyOf(member, 2 * member.length);
            System.arraycopy(member, 0, twice, member.length, member.length);
            assertThat(Reading.entries(Reading.file(name, twice)).stream().map(Entry::number))
                    .containsExactly(1L, 2L, 3L, 4L);
        }
    }

    @Test
    void refusesWhatIsMissingOfACompressedFile() throws IOException {
        byte[] lines = (A + "\n").repeat(2000).getBytes(UTF_8);
        for (String name : List.of("a.jsonl.gz", "a.jsonl.zst")) {
            byte[] whole =
                    Reading.compressed(lines, name.endsWith("gz") ? GZIPOutputStream::new : ZstdOutputStream::new);
            for (int length : new int[] {5, whole.length / 2, whole.length - 1}) {
                List<Entry> entries = Reading.entries(Reading.file(name, Arrays.copyOf(whole, length)));
                assertThat(entries.getLast().refusal())
                        .as("%s of %d bytes", name, length)
                        .contains("cut off");
                assertThat(entries.getLast().number()).isEqualTo(entries.size());
            }
        }
        assertThat(Reading.entries("a.csv.gz", "text\nno gzip\n"))
                .singleElement()
                .satisfies(entry -> assertThat(entry.refusal()).contains("damaged"));
    }

    @Test
    void makesADocumentOfEachLineOfText() throws IOException {
        FileContent file = Reading.file(
                "notes.txt", FileFormat.LINES, ColumnNames.DEFAULT, "One \"1\".\n\nZwei ü.\r\n".getBytes(UTF_8));
        assertThat(Reading.told(Reading.entries(file)))
                .containsExactly(
                        "1 notes.txt:1 {\"id\":\"notes.txt:1\",\"text\":\"One \\\"1\\\".\"} null",
                        "3 notes.txt:3 {\"id\":\"notes.txt:3\",\"text\":\"Zwei ü.\"} null");
    }

    @Test
    void makesOneDocumentOfATextFile() throws IOException {
        assertThat(Reading.told(Reading.entries("d/a.txt", "\uFEFFOne.\nTwo.\n")))
                .containsExactly("1 d/a.txt {\"id\":\"d/a.txt\",\"text\":\"One.\\nTwo.\\n\"} null");
    }

    @Test
    void refusesTextThatIsNotUtf8WithItsBytes() throws IOException {
        byte[] latin = {'z', (byte) 0xFC, '\n', 'a', '\n'};
        FileContent lines = Reading.file("a.txt", FileFormat.LINES, ColumnNames.DEFAULT, latin);
        List<Entry> entries = Reading.entries(lines);
        assertThat(entries.get(0).refusal()).contains("not UTF-8");
        assertThat(entries.get(0).value()).containsExactly('z', 0xFC);
        assertThat(entries.get(1).refusal()).isNull();
        assertThat(Reading.entries(Reading.file("a.txt", latin)))
                .singleElement()
                .satisfies(entry -> assertThat(entry.refusal()).contains("not UTF-8"));
    }

    @Test
    void cutsLinesIntoStretchesThatGiveTheSameEntries() throws IOException {
        StringBuilder lines = new StringBuilder("\uFEFF");
        for (int line = 1; line <= 500; line++) {
            lines.append(line % 7 == 0 ? "\r\n" : "{\"text\":\"" + "word ".repeat(line % 50) + "\"}\n");
        }
        FileContent file = Reading.file("a.jsonl", lines.toString().getBytes(UTF_8));
        for (long bytes : new long[] {1, 100, 5_000}) {
            List<Entry> entries = new ArrayList<>();
            List<Stretch> stretches = Cursors.cut(file, bytes);
            for (Stretch stretch : stretches) {
                entries.addAll(Reading.entries(file, stretch));
            }
            assertThat(stretches).hasSizeGreaterThan(5);
            assertThat(Reading.told(entries)).isEqualTo(Reading.told(Reading.entries(file)));
        }
    }

    @Test
    void keepsTheBeginningOfALineThatIsTooLong() throws IOException {
        byte[] bytes = new byte[Cursors.MAX_RECORD_BYTES + 10];
        Arrays.fill(bytes, (byte) 'a');
        bytes[bytes.length - 2] = '\n';
        List<Entry> entries = Reading.entries(Reading.file("a.jsonl", bytes));
        assertThat(entries).hasSize(2);
        assertThat(entries.getFirst().refusal()).contains("longer than");
        assertThat(entries.getFirst().value()).hasSizeLessThan(2000);
        assertThat(Reading.text(entries.getLast())).isEqualTo("a");
    }
}
