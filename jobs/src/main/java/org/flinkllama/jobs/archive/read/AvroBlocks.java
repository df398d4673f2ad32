package org.flinkllama.jobs.archive.read;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Optional;
import org.apache.avro.file.DataFileConstants;

/// The blocks of an Avro container as they are stored, checked for their lengths and for the marker behind each.
/// Behind a broken block reading goes on at the next marker.
final class AvroBlocks implements Closeable {
    private static final int MAX_HEADER_BYTES = 16 << 20;
    private static final int MAX_BLOCK_BYTES = 256 << 20;
    private static final int BUFFER_BYTES = 1 << 16;

    private final InputStream stream;
    private long position;

    AvroBlocks(InputStream stream) {
        this.stream = new BufferedInputStream(stream, BUFFER_BYTES);
    }

    /// A container's beginning.
    ///
    /// @param bytes  all of it
    /// @param marker that stands behind each block
    record Header(byte[] bytes, byte[] marker) {}

    /// A block.
    ///
    /// @param records that it says it has
    /// @param bytes   of the records, compressed by the container's codec; of a broken block none
    /// @param problem why it can't be read; null where it can
    /// @param behind  bytes of the stream up to its end
    record Block(long records, byte[] bytes, String problem, long behind) {}

    /// Reads the header at the stream's beginning; empty where there is none.
    Optional<Header> header() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            byte[] magic = read(DataFileConstants.MAGIC.length);
            if (!Arrays.equals(magic, DataFileConstants.MAGIC)) {
                return Optional.empty();
            }
            bytes.writeBytes(magic);
            for (long entries = number(bytes); entries != 0; entries = number(bytes)) {
                if (entries < 0) {
                    number(bytes); // bytes of the entries
                }
                for (long entry = 0; entry < Math.abs(entries); entry++) {
                    field(bytes);
                    field(bytes);
                }
            }
            byte[] marker = read(DataFileConstants.SYNC_SIZE);
            bytes.writeBytes(marker);
            return Optional.of(new Header(bytes.toByteArray(), marker));
        } catch (EOFException e) {
            return Optional.empty();
        }
    }

    private void field(ByteArrayOutputStream copy) throws IOException {
        long length = number(copy);
        if (length < 0 || length > MAX_HEADER_BYTES - copy.size()) {
            throw new EOFException();
        }
        copy.writeBytes(read((int) length));
    }

    /// The next block; empty at the stream's end.
    Optional<Block> next(Header header) throws IOException {
        stream.mark(1);
        if (stream.read() < 0) {
            return Optional.empty();
        }
        stream.reset();
        long records = 0;
        try {
            ByteArrayOutputStream lengths = new ByteArrayOutputStream();
            records = number(lengths);
            long size = number(lengths);
            if (records < 0 || size < 0 || size > MAX_BLOCK_BYTES) {
                return Optional.of(skip(
                        header,
                        0,
                        "The block says that it has " + size + " bytes and " + records + " records; expected at most "
                                + MAX_BLOCK_BYTES + " bytes."));
            }
            byte[] block = stream.readNBytes((int) size);
            position += block.length;
            if (block.length < size) {
                return Optional.of(new Block(
                        records,
                        new byte[0],
                        "The block has " + block.length + " bytes of " + size + "; the file is cut off.",
                        position));
            }
            if (!Arrays.equals(read(DataFileConstants.SYNC_SIZE), header.marker())) {
                return Optional.of(skip(
                        header,
                        records,
                        "No marker stands behind the block's " + size + " bytes; the file is damaged."));
            }
            return Optional.of(new Block(records, block, null, position));
        } catch (EOFException e) {
            return Optional.of(
                    new Block(records, new byte[0], "The block ends in its middle; the file is cut off.", position));
        }
    }

    /// Goes on behind the next marker, or to the end.
    private Block skip(Header header, long records, String problem) throws IOException {
        byte[] marker = header.marker();
        byte[] window = stream.readNBytes(marker.length);
        position += window.length;
        int next = 0;
        while (window.length == marker.length && !isMarker(window, next, marker)) {
            int read = stream.read();
            if (read < 0) {
                break;
            }
            position++;
            window[next] = (byte) read;
            next = (next + 1) % window.length;
        }
        return new Block(records, new byte[0], problem, position);
    }

    /// Whether the ring that begins at `begin` holds the marker.
    private static boolean isMarker(byte[] ring, int begin, byte[] marker) {
        for (int index = 0; index < marker.length; index++) {
            if (ring[(begin + index) % ring.length] != marker[index]) {
                return false;
            }
        }
        return true;
    }

    /// A variable-length zig-zag number, copied to `copy`.
    private long number(ByteArrayOutputStream copy) throws IOException {
        long raw = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            int next = stream.read();
            if (next < 0) {
                throw new EOFException();
            }
            position++;
            copy.write(next);
            raw |= (next & 0x7FL) << shift;
            if (next < 0x80) {
                return raw >>> 1 ^ -(raw & 1);
            }
        }
        throw new EOFException();
    }

    private byte[] read(int count) throws IOException {
        byte[] bytes = stream.readNBytes(count);
        position += bytes.length;
        if (bytes.length < count) {
            throw new EOFException();
        }
        return bytes;
    }

    @Override
    public void close() throws IOException {
        stream.close();
    }
}
