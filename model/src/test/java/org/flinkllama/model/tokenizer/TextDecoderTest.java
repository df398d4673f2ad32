package org.flinkllama.model.tokenizer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TextDecoderTest {
    // Ids are bytes.
    private static final Tokenizer BYTES =
            Vocabularies.byteLevel("gpt-2").control("<|end|>").tokenizer();
    private static final int CONTROL = 256;

    private static String streamed(byte[] bytes) {
        TextDecoder decoder = TextDecoder.ofMessage(BYTES);
        StringBuilder text = new StringBuilder();
        for (byte value : bytes) {
            text.append(decoder.push(value & 0xFF));
        }
        return text.append(decoder.finish()).toString();
    }

    @Test
    void holdsBackAnIncompleteCharacter() {
        TextDecoder decoder = TextDecoder.ofMessage(BYTES);

        assertThat(decoder.push(0xF0)).isEmpty();
        assertThat(decoder.push(0x9F)).isEmpty();
        assertThat(decoder.push(CONTROL)).isEmpty();
        assertThat(decoder.push(0x91)).isEmpty();
        assertThat(decoder.push(0x8D)).isEqualTo("\ud83d\udc4d");
        assertThat(decoder.finish()).isEmpty();
    }

    @Test
    void saysWhatNeverBecameACharacterAtTheEnd() {
        TextDecoder decoder = TextDecoder.ofMessage(BYTES);

        assertThat(decoder.push('a')).isEqualTo("a");
        assertThat(decoder.push(0xE4)).isEmpty();
        assertThat(decoder.push(0xB8)).isEmpty();
        assertThat(decoder.finish()).isEqualTo("\ufffd");
        assertThat(decoder.finish()).isEmpty();
    }

    @Test
    void neverHoldsBackWhatCantBecomeACharacter() {
        TextDecoder decoder = TextDecoder.ofMessage(BYTES);

        assertThat(decoder.push(0xFF)).isEqualTo("\ufffd");
        assertThat(decoder.push(0x80)).isEqualTo("\ufffd");
        assertThat(decoder.push(0xE4)).isEmpty();
        assertThat(decoder.push('b')).isEqualTo("\ufffdb");
        assertThat(decoder.push(0xF4)).isEmpty();
        assertThat(decoder.push(0x90)).isEqualTo("\ufffd\ufffd");
    }

    @Test
    void agreesWithDecodingTheWholeForEveryPairOfBytesAndWhatMayFollow() {
        int[] followers = {0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC2, 0xE0, 0xED, 0xF4};
        for (int first = 0x80; first < 0x100; first++) {
            for (int second = 0x70; second < 0x100; second++) {
                for (int third : followers) {
                    byte[] bytes = {(byte) first, (byte) second, (byte) third, (byte) 0x80};
                    assertThat(streamed(bytes)).isEqualTo(new String(bytes, UTF_8));
                }
            }
        }
    }

    @Test
    void agreesWithDecodingTheWholeHoweverTheBytesAreCutIntoTokens() {
        Tokenizer stories = Vocabularies.stories().tokenizer();
        Random random = new Random(5);
        for (int round = 0; round < 3_000; round++) {
            int[] tokens = random.ints(random.nextInt(30), 3, 512).toArray();
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            TextDecoder decoder = TextDecoder.ofContinuation(stories);
            StringBuilder text = new StringBuilder();
            for (int token : tokens) {
                bytes.writeBytes(stories.bytes(token));
                text.append(decoder.push(token));
            }
            assertThat(text.append(decoder.finish()).toString()).isEqualTo(bytes.toString(UTF_8));
        }
    }

    @Test
    void dropsTheSpacePrefixOfAMessageOnce() {
        Tokenizer stories = Vocabularies.stories().tokenizer();
        int[] tokens = stories.encode("  once");
        TextDecoder message = TextDecoder.ofMessage(stories);
        TextDecoder continuation = TextDecoder.ofContinuation(stories);
        StringBuilder messageText = new StringBuilder(message.push(1));
        StringBuilder continuationText = new StringBuilder();
        for (int token : tokens) {
            messageText.append(message.push(token));
            continuationText.append(continuation.push(token));
        }

        assertThat(messageText.toString()).isEqualTo("  once");
        assertThat(continuationText.toString()).isEqualTo("   once");
    }

    @Test
    void keepsTheFirstSpaceWhereTheTokenizerPutsNone() {
        assertThat(BYTES.decode(' ', 'a')).isEqualTo(" a");
    }
}
