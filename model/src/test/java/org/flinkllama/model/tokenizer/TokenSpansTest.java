package org.flinkllama.model.tokenizer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.flinkllama.model.tokenizer.Vocabularies.NORMAL;
import static org.flinkllama.model.tokenizer.Vocabularies.UNKNOWN;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TokenSpansTest {
    private static final Tokenizer STORIES = Vocabularies.stories().tokenizer();
    private static final Tokenizer BYTES = Vocabularies.byteLevel("gpt-2").tokenizer();

    private static List<String> spans(Tokenizer tokenizer, String text) {
        TokenSpans spans = TokenSpans.of(tokenizer, text, tokenizer.encode(text));
        return IntStream.range(0, spans.size())
                .mapToObj(index -> spans.start(index) + "-" + spans.end(index))
                .toList();
    }

    @Test
    void givesEachTokenItsPlaceInTheText() {
        Tokenizer tokenizer = Vocabularies.sentencePieceOfBytes()
                .piece("\u2581", NORMAL, -9)
                .piece("a", NORMAL, -9)
                .piece("b", NORMAL, -9)
                .piece("\u2581a", NORMAL, -1)
                .piece("\u2581b", NORMAL, -2)
                .tokenizer();

        assertThat(spans(tokenizer, "ab b")).containsExactly("0-1", "1-2", "2-4");
        assertThat(spans(tokenizer, "")).isEmpty();
    }

    @Test
    void givesThePrefixAloneAnEmptySpan() {
        Tokenizer tokenizer =
                Vocabularies.sentencePieceOfBytes().piece("\u2581", NORMAL, -9).tokenizer();

        assertThat(spans(tokenizer, "a ")).containsExactly("0-0", "0-1", "1-2");
    }

    @Test
    void coversTheWholeCharacterWithEachOfItsTokens() {
        assertThat(spans(BYTES, "a\u00e9\ud83d\udc4db"))
                .containsExactly("0-1", "1-2", "1-2", "2-4", "2-4", "2-4", "2-4", "4-5");
    }

    @Test
    void passesOverWhatTheVocabularyCantSpell() {
        Tokenizer smolLm2 = Vocabularies.smolLm2().tokenizer();
        assertThat(spans(smolLm2, "1\u0004\u00042\u0004")).containsExactly("0-1", "3-4");

        Tokenizer unknowing = Vocabularies.sentencePiece()
                .piece("<unk>", UNKNOWN, 0)
                .piece("\u2581", NORMAL, 0)
                .piece("a", NORMAL, 0)
                .tokenizer();
        assertThat(spans(unknowing, "\u4e2da")).containsExactly("0-0", "0-0", "1-2");
    }

    @Test
    void findsASpaceThatTheTextSpellsWithItsMark() {
        assertThat(spans(STORIES, "\u2581\u2581")).hasSize(3).endsWith("1-2");
    }

    @Test
    void placesEveryTokenOverTheTextThatItSpells() {
        RandomTexts.forEach(3_000, text -> {
            for (Tokenizer tokenizer : List.of(STORIES, BYTES)) {
                assertSpansCover(tokenizer, text);
            }
        });
    }

    private static void assertSpansCover(Tokenizer tokenizer, String text) {
        int[] tokens = tokenizer.encode(text);
        TokenSpans spans = TokenSpans.of(tokenizer, text, tokens);
        String data = RandomTexts.wellFormed(text);
        int reached = 0;
        for (int index = 0; index < tokens.length; index++) {
            assertThat(spans.start(index)).isLessThanOrEqualTo(reached);
            assertThat(spans.end(index)).isGreaterThanOrEqualTo(reached);
            reached = spans.end(index);
            String spelt = new String(tokenizer.bytes(tokens[index]), UTF_8);
            String covered =
                    data.substring(spans.start(index), spans.end(index)).replace('\u2581', ' ');
            if (!spelt.contains("\ufffd") && tokenizer == STORIES) {
                assertThat(index == 0 ? " " + covered : covered).isEqualTo(spelt);
            }
        }
        assertThat(reached).isEqualTo(text.length());
    }

    @Test
    void refusesTokensOfAnotherText() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TokenSpans.of(BYTES, "secret", BYTES.encode("other")))
                .withMessageContaining("Token 0")
                .withMessageNotContaining("secret");
    }
}
