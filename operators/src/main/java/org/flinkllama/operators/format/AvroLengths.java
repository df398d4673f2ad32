package org.flinkllama.operators.format;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.avro.Schema;
import org.apache.avro.SchemaParseException;

/// Walks over an Avro record in its binary encoding and checks that every length and count fits the bytes that are
/// there, and that strings are UTF-8. Avro's own decoder reserves memory for a string or an array before it looks
/// whether the bytes exist.
public final class AvroLengths {
    private final byte[] bytes;
    private final Strings strings;
    private int position;

    private enum Strings {
        DECODED,
        SKIPPED
    }

    private AvroLengths(byte[] bytes, int start, Strings strings) {
        this.bytes = bytes;
        this.position = start;
        this.strings = strings;
    }

    /// Position behind the record of `schema` that starts at `start`. `schema` must not be recursive,
    /// and elements of its arrays and maps must take one byte or more.
    public static int check(Schema schema, byte[] bytes, int start) throws IOException {
        return end(schema, bytes, start, Strings.DECODED);
    }

    /// Position behind the record of `schema` that starts at `start`, whatever is in its strings.
    public static int skip(Schema schema, byte[] bytes, int start) throws IOException {
        return end(schema, bytes, start, Strings.SKIPPED);
    }

    private static int end(Schema schema, byte[] bytes, int start, Strings strings) throws IOException {
        AvroLengths lengths = new AvroLengths(bytes, start, strings);
        lengths.value(schema);
        return lengths.position;
    }

    private void value(Schema schema) throws IOException {
        switch (schema.getType()) {
            case NULL -> {}
            case BOOLEAN -> skip(1);
            case INT, LONG, ENUM -> number();
            case FLOAT -> skip(4);
            case DOUBLE -> skip(8);
            case FIXED -> skip(schema.getFixedSize());
            case BYTES -> skip(number());
            case STRING -> string();
            case ARRAY -> blocks(() -> value(schema.getElementType()));
            case MAP ->
                blocks(() -> {
                    string();
                    value(schema.getValueType());
                });
            case UNION -> value(branch(schema));
            case RECORD -> {
                for (Schema.Field field : schema.getFields()) {
                    value(field.schema());
                }
            }
        }
    }

    private Schema branch(Schema union) throws IOException {
        long branch = number();
        if (branch < 0 || branch >= union.getTypes().size()) {
            throw new SchemaParseException(
                    "Union branch " + branch + " of " + union.getTypes().size());
        }
        return union.getTypes().get((int) branch);
    }

    /// Elements of an array or a map; each takes one byte or more.
    private void blocks(Element element) throws IOException {
        for (long count = number(); count != 0; count = number()) {
            if (count < 0) {
                count = -count;
                number(); // bytes of the block, written with a negative count
            }
            if (count < 0 || count > bytes.length - position) {
                throw new EOFException();
            }
            for (long index = 0; index < count; index++) {
                element.check();
            }
        }
    }

    /// Avro's own decoder would put U+FFFD for bytes that are not UTF-8.
    private void string() throws IOException {
        long length = number();
        skip(length);
        if (strings == Strings.SKIPPED) {
            return;
        }
        StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, position - (int) length, (int) length));
    }

    private void skip(long count) throws EOFException {
        if (count < 0 || count > bytes.length - position) {
            throw new EOFException();
        }
        position += (int) count;
    }

    /// A variable-length zig-zag number.
    private long number() throws IOException {
        long raw = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            skip(1);
            byte next = bytes[position - 1];
            raw |= (next & 0x7FL) << shift;
            if (next >= 0) {
                return raw >>> 1 ^ -(raw & 1);
            }
        }
        throw new EOFException();
    }

    @FunctionalInterface
    private interface Element {
        void check() throws IOException;
    }
}
