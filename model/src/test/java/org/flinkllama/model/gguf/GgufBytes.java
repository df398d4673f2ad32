package org.flinkllama.model.gguf;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/// Puts the bytes of a GGUF file together by hand, so that a test can put a lie anywhere.
final class GgufBytes {
    static final int UINT8 = 0;
    static final int UINT32 = 4;
    static final int INT32 = 5;
    static final int FLOAT32 = 6;
    static final int BOOL = 7;
    static final int STRING = 8;
    static final int ARRAY = 9;
    static final int UINT64 = 10;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    static GgufBytes header(int version, long tensors, long keys) {
        return new GgufBytes()
                .raw('G', 'G', 'U', 'F')
                .int32(version)
                .int64(tensors)
                .int64(keys);
    }

    /// A file with a value of every common kind and two tensors: `matrix` Q8_0 [2][32], `vector` F32 [4] = 1 2 3 4.
    static GgufBytes small() {
        GgufBytes file = header(3, 2, 7);
        file.key("general.architecture", STRING).string("llama");
        file.key("llama.block_count", UINT32).int32(2);
        file.key("eps", FLOAT32).float32(1e-5f);
        file.key("flag", BOOL).raw(1);
        file.array("tokens", STRING, 3).string("a").string("é").string("");
        file.array("types", INT32, 2).int32(-1).int32(7);
        file.array("scores", FLOAT32, 1).float32(0.5f);
        file.tensor("matrix", 8, 0, 32, 2).tensor("vector", 0, 96, 4).pad(32);
        for (int index = 0; index < 68; index++) {
            file.raw(index);
        }
        return file.pad(32).float32(1).float32(2).float32(3).float32(4);
    }

    GgufBytes key(String key, int type) {
        return string(key).int32(type);
    }

    GgufBytes array(String key, int type, long count) {
        return key(key, ARRAY).int32(type).int64(count);
    }

    GgufBytes tensor(String name, int type, long offset, long... dimensions) {
        string(name).int32(dimensions.length);
        for (long dimension : dimensions) {
            int64(dimension);
        }
        return int32(type).int64(offset);
    }

    GgufBytes float32(float value) {
        return int32(Float.floatToRawIntBits(value));
    }

    GgufBytes raw(int... values) {
        for (int value : values) {
            bytes.write(value);
        }
        return this;
    }

    GgufBytes int32(int value) {
        bytes.writeBytes(ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(value)
                .array());
        return this;
    }

    GgufBytes int64(long value) {
        bytes.writeBytes(ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(value)
                .array());
        return this;
    }

    GgufBytes string(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        int64(utf8.length);
        bytes.writeBytes(utf8);
        return this;
    }

    GgufBytes pad(int alignment) {
        while (bytes.size() % alignment != 0) {
            bytes.write(0);
        }
        return this;
    }

    GgufBytes zeros(int count) {
        bytes.writeBytes(new byte[count]);
        return this;
    }

    byte[] toArray() {
        return bytes.toByteArray();
    }
}
