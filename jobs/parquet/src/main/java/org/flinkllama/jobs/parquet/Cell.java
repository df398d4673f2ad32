package org.flinkllama.jobs.parquet;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.UUID;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.PrimitiveConverter;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DateLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.EnumLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.IntLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.JsonLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.StringLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.UUIDLogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType;

/// Makes text of a column's values.
final class Cell extends PrimitiveConverter {
    private static final int MOST_DIGITS = 1000;
    private static final long JULIAN_DAY_OF_EPOCH = 2_440_588;
    private static final long SECONDS_OF_DAY = 86_400;

    private final PrimitiveType type;
    private final Target target;

    /// Takes the values.
    interface Target {
        /// Whether text of so many bytes may come.
        boolean hasRoom(int bytes);

        void text(String text);

        /// Bytes that should be text and are not UTF-8.
        void notText(byte[] bytes);
    }

    Cell(PrimitiveType type, Target target) {
        this.type = type;
        this.target = target;
    }

    /// Whether values of a type have a text.
    ///
    /// @param strings whether bytes of no known kind are strings, as old writers leave them
    static boolean isReadable(PrimitiveType type, boolean strings) {
        LogicalTypeAnnotation kind = type.getLogicalTypeAnnotation();
        return switch (type.getPrimitiveTypeName()) {
            case BOOLEAN, FLOAT, DOUBLE, INT96 -> true;
            case INT32, INT64 -> !(kind instanceof DecimalLogicalTypeAnnotation decimal) || isShort(decimal);
            case BINARY ->
                isString(kind)
                        || kind == null && strings
                        || kind instanceof DecimalLogicalTypeAnnotation decimal && isShort(decimal);
            case FIXED_LEN_BYTE_ARRAY ->
                kind instanceof UUIDLogicalTypeAnnotation && type.getTypeLength() == UUIDLogicalTypeAnnotation.BYTES
                        || kind instanceof DecimalLogicalTypeAnnotation decimal && isShort(decimal);
        };
    }

    private static boolean isShort(DecimalLogicalTypeAnnotation decimal) {
        return decimal.getPrecision() <= MOST_DIGITS && Math.abs(decimal.getScale()) <= MOST_DIGITS;
    }

    private static boolean isString(LogicalTypeAnnotation kind) {
        return kind instanceof StringLogicalTypeAnnotation
                || kind instanceof EnumLogicalTypeAnnotation
                || kind instanceof JsonLogicalTypeAnnotation;
    }

    @Override
    public void addBoolean(boolean value) {
        put(Boolean.toString(value));
    }

    @Override
    public void addFloat(float value) {
        put(Float.toString(value));
    }

    @Override
    public void addDouble(double value) {
        put(Double.toString(value));
    }

    @Override
    public void addInt(int value) {
        put(
                switch (type.getLogicalTypeAnnotation()) {
                    case DateLogicalTypeAnnotation _ ->
                        LocalDate.ofEpochDay(value).toString();
                    case DecimalLogicalTypeAnnotation decimal ->
                        BigDecimal.valueOf(value, decimal.getScale()).toPlainString();
                    case IntLogicalTypeAnnotation whole when !whole.isSigned() -> Integer.toUnsignedString(value);
                    case null, default -> Integer.toString(value);
                });
    }

    @Override
    public void addLong(long value) {
        put(
                switch (type.getLogicalTypeAnnotation()) {
                    case TimestampLogicalTypeAnnotation time ->
                        instant(time, value).toString();
                    case DecimalLogicalTypeAnnotation decimal ->
                        BigDecimal.valueOf(value, decimal.getScale()).toPlainString();
                    case IntLogicalTypeAnnotation whole when !whole.isSigned() -> Long.toUnsignedString(value);
                    case null, default -> Long.toString(value);
                });
    }

    private static Instant instant(TimestampLogicalTypeAnnotation time, long value) {
        long perSecond =
                switch (time.getUnit()) {
                    case MILLIS -> 1_000L;
                    case MICROS -> 1_000_000L;
                    case NANOS -> 1_000_000_000L;
                };
        long nanos = Math.floorMod(value, perSecond) * (1_000_000_000L / perSecond);
        return Instant.ofEpochSecond(Math.floorDiv(value, perSecond), nanos);
    }

    @Override
    public void addBinary(Binary value) {
        if (!target.hasRoom(value.length())) {
            return;
        }
        byte[] bytes = value.getBytes();
        switch (type.getPrimitiveTypeName()) {
            case INT96 -> target.text(julian(bytes).toString());
            case BINARY, FIXED_LEN_BYTE_ARRAY, BOOLEAN, INT32, INT64, FLOAT, DOUBLE -> {
                switch (type.getLogicalTypeAnnotation()) {
                    case DecimalLogicalTypeAnnotation decimal -> {
                        if (bytes.length > MOST_DIGITS) {
                            throw new IllegalArgumentException("A number has " + bytes.length + " bytes.");
                        }
                        target.text(new BigDecimal(new BigInteger(bytes), decimal.getScale()).toPlainString());
                    }
                    case UUIDLogicalTypeAnnotation _ -> {
                        ByteBuffer halves = ByteBuffer.wrap(bytes);
                        target.text(new UUID(halves.getLong(), halves.getLong()).toString());
                    }
                    case null, default -> decode(bytes);
                }
            }
        }
    }

    private void decode(byte[] bytes) {
        try {
            target.text(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString());
        } catch (CharacterCodingException e) {
            target.notText(bytes);
        }
    }

    /// A time as old writers have it: nanoseconds of the day, and the day's Julian number.
    private static Instant julian(byte[] bytes) {
        ByteBuffer parts = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        long nanos = parts.getLong();
        long day = Integer.toUnsignedLong(parts.getInt()) - JULIAN_DAY_OF_EPOCH;
        return Instant.ofEpochSecond(day * SECONDS_OF_DAY).plusNanos(nanos);
    }

    private void put(String text) {
        if (target.hasRoom(text.length())) {
            target.text(text);
        }
    }
}
