package org.flinkllama.jobs.archive.read;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Optional;

/// The lines of a stream, which end with LF or CRLF; a byte order mark at the beginning of a file belongs to none.
final class Lines implements Closeable {
    private static final int BUFFER_BYTES = 1 << 16;
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private final InputStream stream;
    private final int maxBytes;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int position;
    private int limit;
    private long number; // of the next line
    private long behind; // bytes of the stream up to the end of the last line
    private boolean atFileStart;

    /// @param firstNumber number of the stream's first line, from 1
    /// @param maxBytes    bytes that are kept of a line; what is behind them is dropped
    Lines(InputStream stream, long firstNumber, int maxBytes) {
        this.stream = stream;
        this.number = firstNumber;
        this.maxBytes = maxBytes;
        this.atFileStart = firstNumber == 1;
    }

    /// A line without its end.
    ///
    /// @param whole  whether nothing was dropped
    /// @param behind bytes of the stream up to the end of the line
    record Line(long number, byte[] bytes, boolean whole, long behind) {
        boolean isBlank() {
            for (byte letter : bytes) {
                if (letter != ' ' && letter != '\t') {
                    return false;
                }
            }
            return true;
        }
    }

    /// The next line; empty at the stream's end.
    Optional<Line> next() throws IOException {
        if (position == limit && !fill()) {
            return Optional.empty();
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
        boolean whole = true;
        boolean ended = false;
        do {
            int end = position;
            while (end < limit && buffer[end] != '\n') {
                end++;
            }
            int room = Math.min(end - position, maxBytes - bytes.size());
            bytes.write(buffer, position, room);
            whole &= room == end - position;
            ended = end < limit;
            behind += (ended ? end + 1 : end) - position;
            position = ended ? end + 1 : end;
        } while (!ended && fill());
        return Optional.of(new Line(number++, withoutMarks(bytes.toByteArray(), whole), whole, behind));
    }

    private byte[] withoutMarks(byte[] line, boolean whole) {
        int begin = atFileStart && startsWithMark(line) ? BYTE_ORDER_MARK.length : 0;
        int end = whole && line.length > begin && line[line.length - 1] == '\r' ? line.length - 1 : line.length;
        atFileStart = false;
        return begin == 0 && end == line.length ? line : Arrays.copyOfRange(line, begin, end);
    }

    /// Whether a file begins with UTF-8's byte order mark.
    static boolean startsWithMark(byte[] bytes) {
        return bytes.length >= BYTE_ORDER_MARK.length
                && Arrays.equals(bytes, 0, BYTE_ORDER_MARK.length, BYTE_ORDER_MARK, 0, BYTE_ORDER_MARK.length);
    }

    private boolean fill() throws IOException {
        position = 0;
        limit = Math.max(0, stream.read(buffer));
        return limit > 0;
    }

    @Override
    public void close() throws IOException {
        stream.close();
    }
}
