package org.flinkllama.model.tokenizer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.flinkllama.model.tokenizer.Vocabularies.NORMAL;
import static org.flinkllama.model.tokenizer.Vocabularies.USER_DEFINED;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ByteLevelTokenizerTest {
    private static List<String> pieces(Tokenizer tokenizer, String text) {
        return Arrays.stream(tokenizer.encode(text)).mapToObj(tokenizer::piece).toList();
    }

    @Test
    void givesTheTokensOfAnIndependentImplementation() {
        Tokenizer tokenizer = Vocabularies.smolLm2().tokenizer();

        assertThat(Vocabularies.cases("smollm2-pruned-cases.tsv"))
                .hasSizeGreaterThan(50)
                .allSatisfy(golden -> assertThat(tokenizer.encode(golden.text()))
                        .as(golden.text())
                        .isEqualTo(golden.numbers()));
    }

    @Test
    void givesBackTheBytesOfAnyText() {
        Tokenizer tokenizer = Vocabularies.byteLevel("llama-bpe")
                .merged("t", "h")
                .merged("th", "e")
                .merged("\u0120", "H")
                .merged("\u00e4", "\u00b8")
                .tokenizer();
        RandomTexts.forEach(3_000, text -> {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            for (int token : tokenizer.encode(text)) {
                bytes.writeBytes(tokenizer.bytes(token));
            }
            assertThat(bytes.toString(UTF_8)).isEqualTo(RandomTexts.wellFormed(text));
            assertThat(tokenizer.decode(tokenizer.encode(text))).isEqualTo(RandomTexts.wellFormed(text));
        });
    }

    @Test
    void mergesInTheOrderOfTheFile() {
        Vocabularies vocabulary = Vocabularies.byteLevel("gpt-2")
                .merged("b", "c")
                .merged("a", "b")
                .merged("ab", "c");

        assertThat(pieces(vocabulary.tokenizer(), "abc ab")).containsExactly("a", "bc", "\u0120", "ab");
    }

    @Test
    void takesAStretchThatIsAPieceWholeForLlama3Alone() {
        assertThat(pieces(
                        Vocabularies.byteLevel("llama-bpe")
                                .piece("abc", NORMAL, 0)
                                .tokenizer(),
                        "abc abc"))
                .containsExactly("abc", "\u0120", "a", "b", "c");
        assertThat(pieces(
                        Vocabularies.byteLevel("gpt-2").piece("abc", NORMAL, 0).tokenizer(), "abc"))
                .containsExactly("a", "b", "c");
    }

    @Test
    void keepsDigitsApartForSmolLm() {
        Vocabularies vocabulary =
                Vocabularies.byteLevel("smollm").merged("1", "2").merged("\u0120", "1");

        assertThat(pieces(vocabulary.tokenizer(), " 12")).containsExactly("\u0120", "1", "2");
    }

    @Test
    void leavesOutBytesThatTheVocabularyCantSpell() {
        Tokenizer tokenizer = Vocabularies.smolLm2().tokenizer();

        assertThat(tokenizer.decode(tokenizer.encode("a\u0004b"))).isEqualTo("ab");
    }

    @Test
    void neverTakesAStretchForAControlToken() {
        Tokenizer tokenizer = Vocabularies.byteLevel("llama-bpe")
                .control("end")
                .piece("stop", USER_DEFINED, 0)
                .tokenizer();

        assertThat(pieces(tokenizer, "end")).containsExactly("e", "n", "d");
        assertThat(pieces(tokenizer, "stop")).containsExactly("s", "t", "o", "p");
        assertThat(tokenizer.bytes(256)).isEmpty();
        assertThat(tokenizer.bytes(257)).isEqualTo("stop".getBytes(UTF_8));
    }

    @Test
    void spellsAPieceOutsideTheAlphabetAsItsOwnText() {
        Tokenizer tokenizer =
                Vocabularies.byteLevel("gpt-2").piece("two words", NORMAL, 0).tokenizer();

        assertThat(tokenizer.bytes(256)).isEqualTo("two words".getBytes(UTF_8));
    }

    @Test
    void readsLoneSurrogatesAsReplacementCharacters() {
        Tokenizer tokenizer = Vocabularies.byteLevel("gpt-2").tokenizer();

        assertThat(tokenizer.decode(tokenizer.encode("a\ud800b\udc00"))).isEqualTo("a\ufffdb\ufffd");
    }

    @Test
    void takesNoQuadraticTimeForOneEndlessWord() {
        Tokenizer tokenizer = Vocabularies.byteLevel("llama-bpe")
                .merged("a", "a")
                .merged("aa", "aa")
                .merged("b", "a")
                .tokenizer();
        String word = "aaaabaab".repeat(130_000);

        int[] tokens = assertTimeoutPreemptively(Duration.ofSeconds(20), () -> tokenizer.encode(word));

        assertThat(tokenizer.decode(tokens)).isEqualTo(word);
    }
}
