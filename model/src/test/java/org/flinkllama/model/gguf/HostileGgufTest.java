package org.flinkllama.model.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.flinkllama.model.gguf.GgufBytes.ARRAY;
import static org.flinkllama.model.gguf.GgufBytes.BOOL;
import static org.flinkllama.model.gguf.GgufBytes.INT32;
import static org.flinkllama.model.gguf.GgufBytes.STRING;
import static org.flinkllama.model.gguf.GgufBytes.UINT32;
import static org.flinkllama.model.gguf.GgufBytes.UINT64;
import static org.flinkllama.model.gguf.GgufBytes.UINT8;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class HostileGgufTest {
    private static final long MOST_BYTES_PER_FILE = 1 << 20;

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void refusesWithASentence(String sentence, GgufBytes file) {
        assertThatThrownBy(() -> read(file.toArray()))
                .isInstanceOf(GgufException.class)
                .hasMessageContaining(sentence)
                .hasMessageContaining("model.gguf");
    }

    static Stream<Arguments> refusesWithASentence() {
        return Stream.of(headers(), keys(), arrays(), shapes(), places()).flatMap(cases -> cases);
    }

    private static Stream<Arguments> headers() {
        return Stream.of(
                Arguments.of("ends at byte 0", new GgufBytes()),
                Arguments.of("ends at byte 3", new GgufBytes().raw('G', 'G', 'U')),
                Arguments.of("ends at byte 4", new GgufBytes().raw('G', 'G', 'U', 'F')),
                Arguments.of("starts with bytes 504b0304", new GgufBytes().raw(0x50, 0x4B, 3, 4)),
                Arguments.of("git lfs pull", new GgufBytes().raw('v', 'e', 'r', 's', 'i', 'o', 'n', ' ')),
                Arguments.of("has GGUF version 1; supported: 2 and 3", GgufBytes.header(1, 0, 0)),
                Arguments.of("has GGUF version 4; supported", GgufBytes.header(4, 0, 0)),
                Arguments.of("is a big-endian GGUF file (version 3)", GgufBytes.header(3 << 24, 0, 0)),
                Arguments.of("claims 18446744073709551615 tensors", GgufBytes.header(3, -1, 0)),
                Arguments.of(
                        "claims 1000000 tensors",
                        GgufBytes.header(3, 1_000_000, 0).zeros(64)),
                Arguments.of("claims 9223372036854775807 metadata keys", GgufBytes.header(3, 0, Long.MAX_VALUE)),
                Arguments.of("'general.alignment' 48; expected a power of two", key("general.alignment", 48)),
                Arguments.of("'general.alignment' 0; expected a power of two", key("general.alignment", 0)),
                Arguments.of("'general.alignment' 1073741824; expected", key("general.alignment", 1 << 30)),
                Arguments.of("is one of 3 parts of a split model", key("split.count", 3)));
    }

    private static Stream<Arguments> keys() {
        return Stream.of(
                Arguments.of(
                        "metadata key 1 of 1 at byte 24 a length",
                        GgufBytes.header(3, 0, 1).int64(1L << 47).zeros(9)),
                Arguments.of(
                        "metadata key 1 of 1 at byte 24 a length",
                        GgufBytes.header(3, 0, 1).int64(-1).zeros(9)),
                Arguments.of(
                        "ends at byte 40 inside metadata key 1",
                        GgufBytes.header(3, 0, 1).int64(60_000).zeros(8)),
                Arguments.of(
                        "metadata 'k' the value type 13",
                        GgufBytes.header(3, 0, 1).key("k", 13).zeros(9)),
                Arguments.of(
                        "as a boolean in metadata 'k'",
                        GgufBytes.header(3, 0, 1).key("k", BOOL).raw(2)),
                Arguments.of(
                        "18446744073709551615 in metadata 'k'",
                        GgufBytes.header(3, 0, 1).key("k", UINT64).int64(-1)),
                Arguments.of(
                        "not UTF-8 in metadata 'k'",
                        GgufBytes.header(3, 0, 1)
                                .string("k")
                                .int32(STRING)
                                .int64(2)
                                .raw(0xC3, 0x28)),
                Arguments.of(
                        "metadata '???[31mred' twice",
                        GgufBytes.header(3, 0, 2)
                                .string("\n\r\u001B[31mred")
                                .int32(UINT32)
                                .int32(1)
                                .string("\n\r\u001B[31mred")
                                .int32(UINT32)
                                .int32(2)));
    }

    private static Stream<Arguments> arrays() {
        return Stream.of(
                Arguments.of("claims 1099511627775 elements of metadata 'k'", array(STRING, (1L << 40) - 1)),
                Arguments.of("claims 18446744073709551615 elements", array(UINT8, -1)),
                Arguments.of("hold at most 8", array(INT32, 9).zeros(32)),
                Arguments.of("the value type 99", array(99, 1).zeros(32)),
                Arguments.of(
                        "an array of arrays as metadata 'k'", array(ARRAY, 1).zeros(32)),
                Arguments.of(
                        "more than 6000000 metadata values",
                        array(UINT8, 6_000_001).zeros(6_000_001)));
    }

    private static Stream<Arguments> shapes() {
        return Stream.of(
                Arguments.of("'t' 0 dimensions", tensor(0, 0).zeros(64)),
                Arguments.of("'t' 5 dimensions", tensor(0, 0, 1, 1, 1, 1, 1).zeros(64)),
                Arguments.of("has dimensions [0, 259]", tensor(0, 0, 0, 259).zeros(64)),
                Arguments.of(
                        "has dimensions [18446744073709551615]",
                        tensor(0, 0, -1).zeros(64)),
                Arguments.of(
                        "has dimensions [4294967296, 4294967296]",
                        tensor(0, 0, 1L << 32, 1L << 32).zeros(64)),
                Arguments.of(
                        "has 4611686018427387904 bytes at offset 0",
                        tensor(0, 0, 1L << 60).zeros(64)),
                Arguments.of(
                        "is Q4_K with rows of 128 elements; expected a multiple of 256",
                        tensor(12, 0, 128, 2).zeros(288)),
                Arguments.of("is IQ2_XS; supported: F32, F16, Q4_0", tensor(17, 0, 256)),
                Arguments.of("is TQ1_0; supported", tensor(34, 0, 256)),
                Arguments.of("is MXFP4; supported", tensor(39, 0, 256)),
                Arguments.of("is of unknown type 4294967295; supported", tensor(-1, 0, 256)));
    }

    private static Stream<Arguments> places() {
        return Stream.of(
                Arguments.of(
                        "starts at offset 16 of the data section; expected a multiple of 32",
                        tensor(0, 16, 4).zeros(64)),
                Arguments.of(
                        "at offset 18446744073709551584 of the data section",
                        tensor(0, -32, 4).zeros(64)),
                Arguments.of(
                        "has 16 bytes at offset 9223372036854775776",
                        tensor(0, Long.MAX_VALUE - 31, 4).zeros(64)),
                Arguments.of(
                        "has 16 bytes at offset 32 of the data section, which has 32 bytes",
                        tensor(0, 32, 4).pad(32).zeros(32)),
                Arguments.of("which has 0 bytes", tensor(0, 0, 4)),
                Arguments.of(
                        "tensor 't' twice",
                        GgufBytes.header(3, 2, 0)
                                .string("t")
                                .int32(1)
                                .int64(4)
                                .int32(0)
                                .int64(0)
                                .string("t")
                                .int32(1)
                                .int64(4)
                                .int32(0)
                                .int64(32)
                                .pad(32)
                                .zeros(64)),
                Arguments.of(
                        "'b' in model.gguf starts at offset 32 inside tensor 'a'",
                        GgufBytes.header(3, 2, 0)
                                .string("b")
                                .int32(1)
                                .int64(4)
                                .int32(0)
                                .int64(32)
                                .string("a")
                                .int32(1)
                                .int64(9)
                                .int32(0)
                                .int64(0)
                                .pad(32)
                                .zeros(64)),
                Arguments.of(
                        "ends at byte 86 inside the type of tensor 'a-name",
                        GgufBytes.header(3, 1, 0)
                                .string("a-name-that-is-cut-off-in-the-middle-of-it")
                                .int32(1)
                                .int64(4)),
                Arguments.of(
                        "a length of 65 bytes; expected at most 64",
                        GgufBytes.header(3, 1, 0)
                                .string("n".repeat(65))
                                .int32(1)
                                .int64(4)
                                .int32(0)
                                .int64(0)));
    }

    @Test
    void refusesADirectory(@TempDir Path directory) {
        try (Arena arena = Arena.ofConfined()) {
            assertThatThrownBy(() -> GgufFile.open(directory, arena))
                    .isInstanceOf(GgufException.class)
                    .hasMessageContaining("is a directory");
        }
    }

    @Test
    void refusesEveryTruncation() {
        byte[] whole = GgufBytes.small().toArray();
        for (int length = 0; length < whole.length; length++) {
            assertThat(opens(Arrays.copyOf(whole, length)))
                    .as("prefix of %d bytes", length)
                    .isFalse();
        }
        assertThat(opens(whole)).isTrue();
    }

    @Test
    void eitherOpensOrRefusesFlippedBytes() {
        byte[] whole = GgufBytes.small().toArray();
        SplittableRandom random = new SplittableRandom(1);
        int opened = 0;
        for (int round = 0; round < 4000; round++) {
            byte[] flipped = whole.clone();
            for (int flips = round % 3; flips >= 0; flips--) {
                flipped[random.nextInt(whole.length)] ^= (byte) (1 << random.nextInt(8));
            }
            opened += opens(flipped) ? 1 : 0;
        }
        assertThat(opened).isBetween(400, 3600);
    }

    @Test
    void eitherOpensOrRefusesHugeNumbersAnywhere() {
        byte[] whole = GgufBytes.small().toArray();
        for (int at = 4; at < whole.length; at++) {
            for (int value : new int[] {0, 0x7F, 0x80, 0xFF}) {
                for (int width : new int[] {1, 4, 8}) {
                    byte[] changed = whole.clone();
                    Arrays.fill(changed, at, Math.min(whole.length, at + width), (byte) value);
                    opens(changed);
                }
            }
        }
    }

    /// Whether a file opens; refusing it takes a [GgufException] and little memory.
    private static boolean opens(byte[] bytes) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        try {
            read(bytes);
            return true;
        } catch (GgufException refused) {
            assertThat(refused.getMessage()).endsWith(".");
            return false;
        } finally {
            assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(MOST_BYTES_PER_FILE);
        }
    }

    private static GgufFile read(byte[] bytes) {
        return GgufFile.read("model.gguf", MemorySegment.ofArray(bytes));
    }

    private static GgufBytes key(String key, int value) {
        return GgufBytes.header(3, 0, 1).key(key, UINT32).int32(value);
    }

    private static GgufBytes array(int type, long count) {
        return GgufBytes.header(3, 0, 1).array("k", type, count);
    }

    private static GgufBytes tensor(int type, long offset, long... dimensions) {
        return GgufBytes.header(3, 1, 0).tensor("t", type, offset, dimensions);
    }
}
