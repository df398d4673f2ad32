package org.flinkllama.schemas.v1;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;

/// Records at the edges of what their schema allows.
final class ExtremeRecords {
    /// Nul, accents composed and decomposed, right-to-left, a character of four bytes, a joined emoji, the last one.
    private static final String UNICODE = "\u0000é e\u0301 שלום 中文 𝄞 👩‍🚀 \uDBFF\uDFFD";

    private ExtremeRecords() {}

    /// Empty strings, bytes and collections, null wherever it is allowed, the smallest numbers.
    static GenericData.Record emptiest(Schema record) {
        return (GenericData.Record) least(record);
    }

    /// Unicode strings, bytes of every value, filled collections, no nulls, the largest numbers.
    static GenericData.Record fullest(Schema record) {
        return (GenericData.Record) most(record);
    }

    private static Object least(Schema schema) {
        return switch (schema.getType()) {
            case RECORD -> {
                GenericData.Record record = new GenericData.Record(schema);
                schema.getFields().forEach(field -> record.put(field.pos(), least(field.schema())));
                yield record;
            }
            case UNION -> schema.isNullable() ? null : least(schema.getTypes().getFirst());
            case ENUM ->
                new GenericData.EnumSymbol(schema, schema.getEnumSymbols().getFirst());
            case ARRAY -> List.of();
            case MAP -> Map.of();
            case STRING -> "";
            case BYTES -> ByteBuffer.allocate(0);
            case INT -> Integer.MIN_VALUE;
            case LONG -> Long.MIN_VALUE;
            case FLOAT -> -Float.MAX_VALUE;
            case DOUBLE -> -Double.MAX_VALUE;
            case BOOLEAN -> false;
            case NULL -> null;
            case FIXED -> new GenericData.Fixed(schema, new byte[schema.getFixedSize()]);
        };
    }

    private static Object most(Schema schema) {
        return switch (schema.getType()) {
            case RECORD -> {
                GenericData.Record record = new GenericData.Record(schema);
                schema.getFields().forEach(field -> record.put(field.pos(), most(field.schema())));
                yield record;
            }
            case UNION -> most(schema.getTypes().getLast());
            case ENUM ->
                new GenericData.EnumSymbol(schema, schema.getEnumSymbols().getLast());
            case ARRAY -> List.of(least(schema.getElementType()), most(schema.getElementType()));
            case MAP -> new HashMap<>(Map.of("", least(schema.getValueType()), UNICODE, most(schema.getValueType())));
            case STRING -> UNICODE;
            case BYTES -> ByteBuffer.wrap(everyByte());
            case INT -> Integer.MAX_VALUE;
            case LONG -> Long.MAX_VALUE;
            case FLOAT -> Float.POSITIVE_INFINITY;
            case DOUBLE -> Double.NaN;
            case BOOLEAN -> true;
            case NULL -> null;
            case FIXED -> new GenericData.Fixed(schema, new byte[schema.getFixedSize()]);
        };
    }

    private static byte[] everyByte() {
        byte[] bytes = new byte[256];
        for (int value = 0; value < bytes.length; value++) {
            bytes[value] = (byte) value;
        }
        return bytes;
    }
}
