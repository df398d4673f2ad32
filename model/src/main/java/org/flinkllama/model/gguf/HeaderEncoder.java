package org.flinkllama.model.gguf;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;

/// Lays out what comes before the weights of a GGUF v3 file. Numbers take the smallest usual type that holds them
/// exactly: single integers UINT32, else INT32, else INT64; arrays of integers INT32, else UINT32, else INT64; floats
/// FLOAT32, else FLOAT64.
final class HeaderEncoder {
    private static final int VERSION = 3;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    private HeaderEncoder() {}

    /// The header with its padding: the data section starts where it ends.
    static byte[] encode(GgufMetadata metadata, List<TensorPlan> tensors, int alignment) {
        HeaderEncoder header = new HeaderEncoder();
        header.int32(HeaderReader.MAGIC);
        header.int32(VERSION);
        header.int64(tensors.size());
        header.int64(metadata.keys().size());
        for (String key : metadata.keys()) {
            header.string(key);
            header.value(key, metadata.raw(key).orElseThrow());
        }
        long offset = 0;
        for (TensorPlan tensor : tensors) {
            header.string(tensor.name());
            header.int32(tensor.dimensions().size());
            tensor.dimensions().forEach(header::int64);
            header.int32(tensor.type().code());
            header.int64(offset);
            offset = align(offset + tensor.bytes(), alignment);
        }
        int end = header.bytes.size();
        header.bytes.writeBytes(new byte[(int) (align(end, alignment) - end)]);
        return header.bytes.toByteArray();
    }

    static long align(long position, int alignment) {
        return (position + alignment - 1) / alignment * alignment;
    }

    private void value(String key, Object value) {
        switch (value) {
            case String text -> {
                int32(HeaderReader.STRING);
                string(text);
            }
            case Boolean flag -> {
                int32(HeaderReader.BOOL);
                bool(flag);
            }
            case Long number -> {
                int type = number == (number & 0xFFFF_FFFFL) ? HeaderReader.UINT32 : integerType(number);
                int32(type);
                integer(type, number);
            }
            case Double number -> {
                int type = decimalType(number);
                int32(type);
                decimal(type, number);
            }
            case String[] texts -> array(HeaderReader.STRING, texts.length, index -> string(texts[index]));
            case boolean[] flags -> array(HeaderReader.BOOL, flags.length, index -> bool(flags[index]));
            case long[] numbers -> {
                int type = integerType(numbers);
                array(type, numbers.length, index -> integer(type, numbers[index]));
            }
            case double[] numbers -> {
                int type = decimalType(numbers);
                array(type, numbers.length, index -> decimal(type, numbers[index]));
            }
            default ->
                throw new IllegalArgumentException("Metadata '" + key + "' is a "
                        + value.getClass().getSimpleName()
                        + "; expected one of the types that GgufMetadata names.");
        }
    }

    private void array(int type, int count, IntConsumer element) {
        int32(HeaderReader.ARRAY);
        int32(type);
        int64(count);
        for (int index = 0; index < count; index++) {
            element.accept(index);
        }
    }

    private static int integerType(long... numbers) {
        if (Arrays.stream(numbers).allMatch(number -> number == (int) number)) {
            return HeaderReader.INT32;
        }
        boolean unsigned = Arrays.stream(numbers).allMatch(number -> number == (number & 0xFFFF_FFFFL));
        return unsigned ? HeaderReader.UINT32 : HeaderReader.INT64;
    }

    private static int decimalType(double... numbers) {
        boolean single = Arrays.stream(numbers).allMatch(number -> Double.compare(number, (float) number) == 0);
        return single ? HeaderReader.FLOAT32 : HeaderReader.FLOAT64;
    }

    private void integer(int type, long number) {
        if (type == HeaderReader.INT64) {
            int64(number);
        } else {
            int32((int) number);
        }
    }

    private void decimal(int type, double number) {
        if (type == HeaderReader.FLOAT64) {
            int64(Double.doubleToLongBits(number));
        } else {
            int32(Float.floatToIntBits((float) number));
        }
    }

    private void bool(boolean flag) {
        bytes.write(flag ? 1 : 0);
    }

    private void string(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        int64(utf8.length);
        bytes.writeBytes(utf8);
    }

    private void int32(int number) {
        bytes.writeBytes(ByteBuffer.allocate(Integer.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(number)
                .array());
    }

    private void int64(long number) {
        bytes.writeBytes(ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(number)
                .array());
    }
}
