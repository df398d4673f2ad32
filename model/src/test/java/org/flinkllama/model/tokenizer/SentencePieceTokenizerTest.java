package org.flinkllama.model.tokenizer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.flinkllama.model.tokenizer.Vocabularies.BYTE;
import static org.flinkllama.model.tokenizer.Vocabularies.NORMAL;
import static org.flinkllama.model.tokenizer.Vocabularies.UNKNOWN;
import static org.flinkllama.model.tokenizer.Vocabularies.USER_DEFINED;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class SentencePieceTokenizerTest {
    private static final Tokenizer STORIES = Vocabularies.stories().tokenizer();

    private static List<String> pieces(Tokenizer tokenizer, String text) {
        return Arrays.stream(tokenizer.encode(text)).mapToObj(tokenizer::piece).toList();
    }

    private static Vocabularies letters(String letters) {
        Vocabularies vocabulary = Vocabularies.sentencePieceOfBytes();
        letters.chars().forEach(letter -> vocabulary.piece(Character.toString(letter), NORMAL, -100));
        return vocabulary;
    }

    @Test
    void givesTheTokensOfAnIndependentImplementation() {
        assertThat(Vocabularies.cases("stories260k-cases.tsv"))
                .hasSizeGreaterThan(50)
                .allSatisfy(golden -> assertThat(STORIES.encode(golden.text()))
                        .as(golden.text())
                        .isEqualTo(golden.numbers()));
    }

    @Test
    void givesBackTheBytesOfAnyTextBehindTheSpacePrefix() {
        RandomTexts.forEach(3_000, text -> {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            for (int token : STORIES.encode(text)) {
                assertThat(STORIES.bytes(token)).isNotEmpty();
                bytes.writeBytes(STORIES.bytes(token));
            }
            String spelt = RandomTexts.wellFormed(text).replace('\u2581', ' ');
            assertThat(bytes.toString(UTF_8)).isEqualTo(text.isEmpty() ? "" : " " + spelt);
            assertThat(STORIES.decode(STORIES.encode(text))).isEqualTo(spelt);
        });
    }

    @Test
    void mergesTheHighestScoreFirstWhereverItStands() {
        Tokenizer tokenizer = letters("\u2581abc")
                .piece("ab", NORMAL, -2)
                .piece("bc", NORMAL, -1)
                .piece("\u2581a", NORMAL, -3)
                .tokenizer();

        assertThat(pieces(tokenizer, "abc")).containsExactly("\u2581a", "bc");
    }

    @Test
    void mergesTheLeftmostOfEqualScoresFirst() {
        Tokenizer tokenizer = letters("\u2581aab").piece("aa", NORMAL, -1).tokenizer();

        assertThat(pieces(tokenizer, "aaaaa")).containsExactly("\u2581", "aa", "aa", "a");
    }

    @Test
    void mergesAcrossWordsWhereAPieceSpansThem() {
        Tokenizer tokenizer = letters("\u2581ab")
                .piece("a\u2581", NORMAL, -1)
                .piece("a\u2581b", NORMAL, -2)
                .tokenizer();

        assertThat(pieces(tokenizer, "a b")).containsExactly("\u2581", "a\u2581b");
    }

    @Test
    void putsASpaceInFrontUnlessTheFileSaysNo() {
        Vocabularies vocabulary = letters("\u2581a");
        assertThat(pieces(vocabulary.tokenizer(), "a")).containsExactly("\u2581", "a");
        assertThat(pieces(vocabulary.tokenizer(), " a")).containsExactly("\u2581", "\u2581", "a");

        Tokenizer bare =
                vocabulary.with("tokenizer.ggml.add_space_prefix", false).tokenizer();
        assertThat(bare.addsSpacePrefix()).isFalse();
        assertThat(pieces(bare, "a")).containsExactly("a");
        assertThat(bare.decode(bare.encode(" a"))).isEqualTo(" a");
    }

    @Test
    void spellsACharacterWithoutAPieceByItsBytes() {
        assertThat(pieces(letters("\u2581").tokenizer(), "\u4e2d"))
                .containsExactly("\u2581", "<0xE4>", "<0xB8>", "<0xAD>");
    }

    @Test
    void spellsASpaceAsAByteWhereTheVocabularyHasNoSpacePiece() {
        assertThat(pieces(letters("a").tokenizer(), " a")).containsExactly("<0x20>", "<0x20>", "a");
    }

    @Test
    void readsACharacterThatCantBeSpeltAsTheUnknownToken() {
        Tokenizer tokenizer = Vocabularies.sentencePiece()
                .piece("<unk>", UNKNOWN, 0)
                .piece("<0xE4>", BYTE, 0)
                .piece("\u2581", NORMAL, -1)
                .tokenizer();

        assertThat(tokenizer.encode("\u4e2d")).containsExactly(2, 0);
        assertThat(tokenizer.bytes(0)).isEmpty();
    }

    @Test
    void neverMergesIntoControlOrUserDefinedTokens() {
        Tokenizer tokenizer = letters("\u2581<s/>")
                .piece("<s", NORMAL, -1)
                .piece("</", NORMAL, -2)
                .piece("s>", NORMAL, -3)
                .piece("ss", USER_DEFINED, 0)
                .tokenizer();

        assertThat(pieces(tokenizer, "<s></s>ss")).containsExactly("\u2581", "<s", ">", "</", "s>", "s", "s");
        assertThat(tokenizer.controlToken("</s>")).hasValue(2);
        assertThat(tokenizer.controlToken("ss")).isPresent();
        assertThat(tokenizer.controlToken("<s")).isEmpty();
    }

    @Test
    void givesNoTokensForAnEmptyText() {
        assertThat(STORIES.encode("")).isEmpty();
        assertThat(STORIES.decode()).isEmpty();
    }

    @Test
    void takesNoQuadraticTimeForOneEndlessWord() {
        String word = "thequickbrown".repeat(80_000);

        int[] tokens = assertTimeoutPreemptively(Duration.ofSeconds(20), () -> STORIES.encode(word));

        assertThat(STORIES.decode(tokens)).isEqualTo(word);
    }
}
