package org.flinkllama.model.gguf;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/// Reads little-endian values one after another and never past the end of the file. `what` names the thing being
/// read, for messages.
final class HeaderCursor {
    static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private static final int QUOTED_CHARACTERS = 80;

    private final String file;
    private final MemorySegment bytes;
    private long position;

    HeaderCursor(String file, MemorySegment bytes) {
        this.file = file;
        this.bytes = bytes;
    }

    String file() {
        return file;
    }

    long position() {
        return position;
    }

    byte int8(String what) {
        return bytes.get(ValueLayout.JAVA_BYTE, take(1, what));
    }

    short int16(String what) {
        return bytes.get(SHORT, take(2, what));
    }

    int int32(String what) {
        return bytes.get(INT, take(4, what));
    }

    long int64(String what) {
        return bytes.get(LONG, take(8, what));
    }

    /// An unsigned 64-bit number of things of at least `minimumBytes` each, all of which must fit into what is left
    /// of the file.
    long count(String what, long minimumBytes) {
        long count = int64("the number of " + what);
        long most = (bytes.byteSize() - position) / minimumBytes;
        if (count < 0 || count > most) {
            throw new GgufException(file + " claims " + Long.toUnsignedString(count) + " " + what + " at byte "
                    + (position - 8) + ", but the " + (bytes.byteSize() - position)
                    + " bytes after it hold at most " + most
                    + ". The file is damaged or incomplete; download or convert it again.");
        }
        return count;
    }

    /// A string of at most `longest` bytes of UTF-8.
    String string(String what, int longest) {
        long start = position;
        long length = int64(what);
        if (length < 0 || length > longest) {
            throw new GgufException(file + " gives " + what + " at byte " + start + " a length of "
                    + Long.toUnsignedString(length) + " bytes; expected at most " + longest
                    + ". The file is damaged; download or convert it again.");
        }
        long at = take(length, what);
        if (length == 0) {
            return "";
        }
        byte[] utf8 = bytes.asSlice(at, length).toArray(ValueLayout.JAVA_BYTE);
        String text = new String(utf8, StandardCharsets.UTF_8);
        if (text.indexOf('\uFFFD') >= 0) {
            checkUtf8(utf8, what, start);
        }
        return text;
    }

    private void checkUtf8(byte[] utf8, String what, long start) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8));
        } catch (CharacterCodingException e) {
            throw new GgufException(
                    file + " has bytes that are not UTF-8 in " + what + " at byte " + start
                            + "; expected UTF-8 text. The file is damaged; download or convert it again.",
                    e);
        }
    }

    /// Steps over `length` bytes and returns where they start.
    private long take(long length, String what) {
        long start = position;
        if (length > bytes.byteSize() - start) {
            throw new GgufException(
                    file + " ends at byte " + bytes.byteSize() + " inside " + what + ", which starts at byte " + start
                            + " and has " + length + " bytes. The file is incomplete; download or copy it again.");
        }
        position = start + length;
        return start;
    }

    /// A name out of a file in quotes, short and printable whatever the file holds.
    static String quote(String name) {
        StringBuilder quoted = new StringBuilder("'");
        name.codePoints().limit(QUOTED_CHARACTERS).forEach(character -> {
            boolean printable = character >= ' ' && character < 0x7F || Character.isLetterOrDigit(character);
            quoted.appendCodePoint(printable ? character : '?');
        });
        return quoted.append(name.length() > QUOTED_CHARACTERS ? "…'" : "'").toString();
    }
}
