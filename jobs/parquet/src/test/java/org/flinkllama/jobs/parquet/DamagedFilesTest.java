package org.flinkllama.jobs.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.parquet.column.ParquetProperties.WriterVersion;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.flinkllama.jobs.archive.file.ColumnNames;
import org.flinkllama.jobs.archive.file.Entry;
import org.flinkllama.jobs.archive.file.FileContent;
import org.flinkllama.jobs.archive.file.FileFormat;
import org.flinkllama.jobs.archive.file.Stretch;
import org.flinkllama.schemas.v1.Document;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DamagedFilesTest {
    private static final int TAIL_BYTES = 8;

    @TempDir
    private Path folder;

    private byte[] whole;

    @BeforeEach
    void write() throws IOException {
        whole = file(CompressionCodecName.UNCOMPRESSED, WriterVersion.PARQUET_1_0, 40, 1 << 20);
    }

    private byte[] file(CompressionCodecName codec, WriterVersion version, int documents, long rowGroupBytes)
            throws IOException {
        List<Document> written = IntStream.range(0, documents)
                .mapToObj(ParquetRecordsTest::document)
                .toList();
        return new Written(codec, version, false, rowGroupBytes).documents(folder, written);
    }

    @Test
    void saysWhatIsWrongWithAFileThatIsNone() throws IOException {
        assertThat(refusal(new byte[0])).contains("no Parquet file, which begins and ends with 'PAR1'");
        assertThat(refusal("id,text\n1,hello world\n".getBytes())).contains("no Parquet file");
        assertThat(refusal(Arrays.copyOf(whole, whole.length - 30))).contains("doesn't end with 'PAR1'; it is cut off");
        byte[] encrypted = whole.clone();
        encrypted[whole.length - 1] = 'E';
        assertThat(refusal(encrypted)).contains("footer is encrypted");
        for (int length : new int[] {Integer.MIN_VALUE, -1, 0, whole.length, Integer.MAX_VALUE}) {
            assertThat(refusal(withFooterLength(length))).contains("says that it has " + length + " bytes");
        }
        assertThat(refusal(withFooterLength(whole.length - 20))).contains("footer");
    }

    @Test
    void refusesAFileThatIsCompressedAsAWhole() throws IOException {
        List<Entry> entries = Written.entries(Written.file("a.parquet.gz", ColumnNames.DEFAULT, whole));
        assertThat(entries).hasSize(1);
        assertThat(entries.getFirst().refusal()).contains("compressed as a whole", "Decompress it");
    }

    @Test
    void refusesWhatIsLeftOfADamagedRowGroupAndGoesOnBehindIt() throws IOException {
        byte[] bytes = file(CompressionCodecName.ZSTD, WriterVersion.PARQUET_1_0, 4000, 20_000);
        FileContent file = Written.file(bytes);
        List<Stretch> stretches = new ParquetRecords().cut(file, 1);
        List<Entry> before = Written.entries(file);
        Stretch second = stretches.get(1);
        byte[] damaged = bytes.clone();
        Arrays.fill(damaged, (int) second.offset(), (int) (second.offset() + second.length()), (byte) 0x55);
        List<Entry> entries = Written.entries(Written.file(damaged));
        long next = stretches.get(2).firstNumber();
        assertThat(entries.stream().filter(entry -> entry.refusal() != null))
                .hasSize(1)
                .allSatisfy(entry -> {
                    assertThat(entry.number()).isEqualTo(second.firstNumber());
                    assertThat(entry.refusal())
                            .contains("Rows " + second.firstNumber() + " to " + (next - 1) + " can't be read");
                });
        assertThat(ParquetRecordsTest.told(entries.stream()
                        .filter(entry -> entry.refusal() == null)
                        .toList()))
                .isEqualTo(ParquetRecordsTest.told(before.stream()
                        .filter(entry -> entry.number() < second.firstNumber() || entry.number() >= next)
                        .toList()));
    }

    @Test
    void findsDamageByTheChecksumsOfPages() throws IOException {
        byte[] damaged = whole.clone();
        int letter = indexOf(damaged, "kettle number 17");
        damaged[letter] = 'K';
        assertThat(Written.entries(Written.file(damaged)).getLast().refusal()).contains("can't be read");
    }

    @Test
    void readsOrRefusesAFileWhicheverByteIsChanged() throws IOException {
        for (WriterVersion version : WriterVersion.values()) {
            byte[] bytes = file(CompressionCodecName.UNCOMPRESSED, version, 5, 1 << 20);
            Random random = new Random(7);
            for (int place = random.nextInt(4); place < bytes.length; place += 1 + random.nextInt(29)) {
                byte[] changed = bytes.clone();
                changed[place] = (byte) (random.nextBoolean() ? 0xFF : random.nextInt(256));
                FileContent file = Written.file(changed);
                assertThat(Written.entries(file))
                        .as("byte %d of %s", place, version)
                        .hasSizeLessThan(100);
                assertThat(new ParquetRecords().cut(file, 1)).isNotEmpty();
            }
        }
    }

    @Test
    void failsWhereTheStorageDoes() throws IOException {
        FileContent gone =
                new FileContent("a.parquet", FileFormat.PARQUET, ColumnNames.DEFAULT, whole.length, offset -> {
                    if (offset > 4 && offset < whole.length / 2) {
                        return new BrokenStream();
                    }
                    return Written.file(whole).bytes().open(offset);
                });
        assertThatThrownBy(() -> Written.entries(gone))
                .isInstanceOf(IOException.class)
                .hasMessage("no storage");
    }

    private static final class BrokenStream extends InputStream {
        @Override
        public int read() throws IOException {
            throw new IOException("no storage");
        }
    }

    private byte[] withFooterLength(int length) {
        byte[] bytes = whole.clone();
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(bytes.length - TAIL_BYTES, length);
        return bytes;
    }

    private static String refusal(byte[] bytes) throws IOException {
        List<Entry> entries = Written.entries(Written.file(bytes));
        assertThat(entries).hasSize(1);
        assertThat(new ParquetRecords().cut(Written.file(bytes), 1)).containsExactly(Stretch.whole());
        return entries.getFirst().refusal();
    }

    private static int indexOf(byte[] bytes, String text) {
        byte[] found = text.getBytes();
        for (int begin = 0; begin < bytes.length - found.length; begin++) {
            if (Arrays.equals(bytes, begin, begin + found.length, found, 0, found.length)) {
                return begin;
            }
        }
        throw new AssertionError("'" + text + "' is not in the file");
    }
}
