package org.flinkllama.jobs.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.schema.MessageTypeParser;
import org.junit.jupiter.api.Test;

final class PageLimitsTest {
    private static final ColumnDescriptor TEXT = MessageTypeParser.parseMessageType(
                    "message m { optional binary text (STRING); }")
            .getColumns()
            .getFirst();
    private static final PageLimits LIMITS = new PageLimits(TEXT);

    @Test
    void believesNoDictionaryOfMoreValuesThanItsBytesCanHold() {
        assertThatCode(() -> LIMITS.checkDictionary(2, 8)).doesNotThrowAnyException();
        assertThatThrownBy(() -> LIMITS.checkDictionary(3, 8)).isInstanceOf(UnreadableParquetException.class);
        assertThatThrownBy(() -> LIMITS.checkDictionary(Integer.MAX_VALUE, 1 << 20))
                .hasMessageContaining("2147483647");
        assertThatThrownBy(() -> LIMITS.checkDictionary(-1, 8)).isInstanceOf(UnreadableParquetException.class);
    }

    @Test
    void believesNoRunThatIsLongerThanItsPage() {
        byte[] ids = bytes(1, run(12, true), run(80, true), 0xFF);
        assertThatCode(() -> LIMITS.checkValues(ids, 0, 100, Encoding.RLE_DICTIONARY))
                .doesNotThrowAnyException();
        byte[] hostile = bytes(1, run(1L << 27, true), 0xFF);
        assertThatThrownBy(() -> LIMITS.checkValues(hostile, 0, 100, Encoding.RLE_DICTIONARY))
                .hasMessageContaining((8L << 27) + " values in a run, in a page of 100");
        byte[] wide = bytes(33, 0);
        assertThatThrownBy(() -> LIMITS.checkValues(wide, 0, 100, Encoding.RLE_DICTIONARY))
                .hasMessageContaining("33 bits");
        assertThatThrownBy(() -> LIMITS.checkLevels(hostile, 1, hostile.length - 1, 100))
                .hasMessageContaining("values in a run");
        assertThatThrownBy(() -> LIMITS.checkLevels(bytes(), 0, 0, 1 << 25)).hasMessageContaining("values in a page");
    }

    @Test
    void believesNoDeltaHeaderThatSaysMoreThanItsPage() {
        byte[] usual = bytes(number(128), number(4), number(100), 0, 0, 8, 8, 8, 8, new byte[128]);
        assertThatCode(() -> LIMITS.checkValues(usual, 0, 100, Encoding.DELTA_BINARY_PACKED))
                .doesNotThrowAnyException();
        for (byte[] hostile : new byte[][] {
            bytes(number(128), number(4), number(1L << 31), 0),
            bytes(number(128), number(0), number(100), 0),
            bytes(number(1L << 31), number(1L << 31), number(100), 0),
            bytes(number(100), number(3), number(100), 0)
        }) {
            assertThatThrownBy(() -> LIMITS.checkValues(hostile, 0, 100, Encoding.DELTA_LENGTH_BYTE_ARRAY))
                    .hasMessageContaining("delta-coded values");
        }
        byte[] second = bytes(usual, number(128), number(4), number(1L << 30), 0);
        assertThatThrownBy(() -> LIMITS.checkValues(second, 0, 100, Encoding.DELTA_BYTE_ARRAY))
                .hasMessageContaining((1L << 30) + " delta-coded values");
    }

    @Test
    void looksForTheValuesBehindTheLevels() {
        PageLimits.Encodings encodings = new PageLimits.Encodings(Encoding.RLE, Encoding.RLE, Encoding.RLE_DICTIONARY);
        byte[] page = bytes(2, 0, 0, 0, run(100, false), 1, 1, run(1L << 27, true));
        assertThatThrownBy(() -> LIMITS.checkPage(page, 100, encodings)).hasMessageContaining("values in a run");
        byte[] levels = bytes(100, 0, 0, 0, run(100, false), 1);
        assertThatThrownBy(() -> LIMITS.checkPage(levels, 100, encodings)).hasMessageContaining("100 bytes of levels");
    }

    @Test
    void believesNoFooterWithAListLongerThanItself() {
        assertThat(FooterLengths.fit(bytes(0x15, 2, 0x19, 0x1C, 0x15, 0, 0, 0))).isTrue();
        assertThat(FooterLengths.fit(bytes(0x19, 0xFC, number(1L << 31), 0))).isFalse();
        assertThat(FooterLengths.fit(bytes(0x18, number(1000), 'a', 0))).isFalse();
        assertThat(FooterLengths.fit(bytes(0x1B, number(1000), 0x88, 0))).isFalse();
        assertThat(FooterLengths.fit(bytes(0x1C, 0x1C))).isFalse();
        assertThat(FooterLengths.fit(new byte[] {0x1E})).isFalse();
        byte[] deep = new byte[100_000];
        Arrays.fill(deep, (byte) 0x1C);
        assertThat(FooterLengths.fit(deep)).isFalse();
    }

    /// The head of a run: groups of eight packed values, or one value that is repeated.
    private static byte[] run(long count, boolean packed) {
        return number(count << 1 | (packed ? 1 : 0));
    }

    private static byte[] number(long number) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        long left = number;
        while (left >= 0x80) {
            bytes.write((int) (left & 0x7F | 0x80));
            left >>>= 7;
        }
        bytes.write((int) left);
        return bytes.toByteArray();
    }

    private static byte[] bytes(Object... parts) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (Object part : parts) {
            switch (part) {
                case byte[] several -> bytes.writeBytes(several);
                case Integer one -> bytes.write(one);
                case Character letter -> bytes.write(letter);
                default -> throw new IllegalArgumentException(part.toString());
            }
        }
        return bytes.toByteArray();
    }
}
