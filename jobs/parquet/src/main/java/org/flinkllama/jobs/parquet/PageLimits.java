package org.flinkllama.jobs.parquet;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.parquet.bytes.BytesUtils;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.schema.PrimitiveType;

/// Checks the counts in a page that Parquet's library reserves memory by: those of dictionaries, of runs, and of
/// delta-coded blocks. Bytes that are missing are the library's to notice.
final class PageLimits {
    /// Bytes of a page at most, compressed or not.
    static final int MAX_PAGE_BYTES = 256 << 20;

    private static final int MAX_VALUES = 1 << 24;
    private static final int MAX_BLOCK_VALUES = 1 << 20;
    private static final int PADDING = 1024; // values that a writer may round a run up to

    private final ColumnDescriptor column;

    /// How a page of the first version is written.
    record Encodings(Encoding repetition, Encoding definition, Encoding values) {}

    PageLimits(ColumnDescriptor column) {
        this.column = column;
    }

    void checkDictionary(int values, int bytes) {
        PrimitiveType type = column.getPrimitiveType();
        int width =
                switch (type.getPrimitiveTypeName()) {
                    case BOOLEAN -> 1;
                    case INT32, FLOAT, BINARY -> Integer.BYTES; // a string has its length in front
                    case INT64, DOUBLE -> Long.BYTES;
                    case INT96 -> Long.BYTES + Integer.BYTES;
                    case FIXED_LEN_BYTE_ARRAY -> Math.max(1, type.getTypeLength());
                };
        if (values < 0 || values > bytes / width) {
            throw tooMany(values, "values in a dictionary of " + bytes + " bytes");
        }
    }

    /// A page of the first version: lengths and levels stand in front of the values.
    void checkPage(byte[] page, int values, Encodings encodings) {
        requireValues(values);
        int position = behindLevels(page, 0, values, column.getMaxRepetitionLevel(), encodings.repetition());
        position = behindLevels(page, position, values, column.getMaxDefinitionLevel(), encodings.definition());
        checkValues(page, position, values, encodings.values());
    }

    @SuppressWarnings("deprecation") // old files have packed levels
    private int behindLevels(byte[] page, int position, int values, int maxLevel, Encoding encoding) {
        if (maxLevel == 0) {
            return position;
        }
        int width = BytesUtils.getWidthFromMaxInt(maxLevel);
        if (encoding == Encoding.BIT_PACKED) {
            return position + (int) (((long) values * width + 7) / 8);
        }
        if (position > page.length - Integer.BYTES) {
            throw tooMany(position, "bytes in front of the levels of a page of " + page.length + " bytes");
        }
        ByteBuffer buffer = ByteBuffer.wrap(page).order(ByteOrder.LITTLE_ENDIAN);
        int length = buffer.getInt(position);
        int begin = position + Integer.BYTES;
        if (length < 0 || length > page.length - begin) {
            throw tooMany(length, "bytes of levels in a page of " + page.length + " bytes");
        }
        checkRuns(ByteBuffer.wrap(page, begin, length), width, values);
        return begin + length;
    }

    /// Levels of a page of the second version, in front of it.
    void checkLevels(byte[] page, int repetition, int definition, int values) {
        requireValues(values);
        if (column.getMaxRepetitionLevel() > 0) {
            int width = BytesUtils.getWidthFromMaxInt(column.getMaxRepetitionLevel());
            checkRuns(ByteBuffer.wrap(page, 0, repetition), width, values);
        }
        if (column.getMaxDefinitionLevel() > 0) {
            int width = BytesUtils.getWidthFromMaxInt(column.getMaxDefinitionLevel());
            checkRuns(ByteBuffer.wrap(page, repetition, definition), width, values);
        }
    }

    @SuppressWarnings("deprecation") // old files have this name of a dictionary's encoding
    void checkValues(byte[] page, int position, int values, Encoding encoding) {
        if (position >= page.length) {
            return;
        }
        ByteBuffer bytes = ByteBuffer.wrap(page, position, page.length - position);
        switch (encoding) {
            case PLAIN_DICTIONARY, RLE_DICTIONARY -> {
                int width = bytes.get();
                if (width < 0 || width > Integer.SIZE) {
                    throw tooMany(width, "bits for a place in a dictionary");
                }
                checkRuns(bytes, width, values);
            }
            case RLE -> {
                if (bytes.remaining() > Integer.BYTES) {
                    bytes.position(position + Integer.BYTES);
                    checkRuns(bytes, 1, values);
                }
            }
            case DELTA_BINARY_PACKED, DELTA_LENGTH_BYTE_ARRAY -> skipDeltas(bytes, values);
            case DELTA_BYTE_ARRAY -> {
                skipDeltas(bytes, values);
                if (bytes.hasRemaining()) {
                    skipDeltas(bytes, values);
                }
            }
            case PLAIN, BIT_PACKED, BYTE_STREAM_SPLIT -> {}
        }
    }

    private static void checkRuns(ByteBuffer bytes, int width, int values) {
        while (bytes.hasRemaining()) {
            long header = unsigned(bytes);
            long count = header >>> 1;
            boolean packed = (header & 1) == 1;
            if ((packed ? count * 8 : 0) > (long) values + PADDING) {
                throw tooMany(count * 8, "values in a run, in a page of " + values);
            }
            long skipped = packed ? count * width : (width + 7) / 8;
            bytes.position((int) Math.min(bytes.limit(), bytes.position() + skipped));
        }
    }

    private static void skipDeltas(ByteBuffer bytes, int values) {
        long block = unsigned(bytes);
        long parts = unsigned(bytes);
        long count = unsigned(bytes);
        if (block > MAX_BLOCK_VALUES || parts < 1 || parts > block || block % parts != 0 || count > values) {
            throw tooMany(
                    count,
                    "delta-coded values in blocks of " + block + " and " + parts + " parts, in a page of " + values);
        }
        unsigned(bytes); // the first value
        long perPart = block / parts;
        for (long known = 1; known < count; known += block) {
            unsigned(bytes); // the smallest delta
            if (bytes.remaining() < parts) {
                return;
            }
            byte[] widths = new byte[(int) parts];
            bytes.get(widths);
            for (int part = 0; part < parts && known + part * perPart < count; part++) {
                long skipped = Byte.toUnsignedInt(widths[part]) * perPart / 8;
                bytes.position((int) Math.min(bytes.limit(), bytes.position() + skipped));
            }
        }
    }

    /// A number in groups of seven bits; the bytes that there are where it is cut off.
    private static long unsigned(ByteBuffer bytes) {
        long number = 0;
        for (int shift = 0; shift < Long.SIZE && bytes.hasRemaining(); shift += 7) {
            byte next = bytes.get();
            number |= (next & 0x7FL) << shift;
            if (next >= 0) {
                return number;
            }
        }
        return number;
    }

    private static void requireValues(int values) {
        if (values < 0 || values > MAX_VALUES) {
            throw tooMany(values, "values in a page; expected at most " + MAX_VALUES);
        }
    }

    private static UnreadableParquetException tooMany(long found, String what) {
        return new UnreadableParquetException("There are said to be " + found + " " + what + "; the file is damaged.");
    }
}
