package org.flinkllama.operators.task.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.flinkllama.operators.WordTokenizer;
import org.junit.jupiter.api.Test;

class ChunksTest {
    private final WordTokenizer tokenizer = new WordTokenizer();

    @Test
    void packsWholeSentencesIntoChunksThatFit() {
        String text = "One two three. Four five six. Seven eight. Nine ten eleven twelve.";

        assertThat(split(text, 10))
                .containsExactly("One two three. Four five six. ", "Seven eight. Nine ten eleven twelve.");
    }

    @Test
    void cutsASentenceThatIsTooLongAtWhiteSpace() {
        String text = "alpha beta gamma delta epsilon zeta eta theta iota kappa";

        List<String> chunks = split(text, 4);

        assertThat(chunks).containsExactly("alpha beta gamma ", "delta epsilon zeta ", "eta theta iota kappa");
        assertThat(String.join("", chunks)).isEqualTo(text);
    }

    @Test
    void neverCutsWithinACharacter() {
        String text = "😀".repeat(50);

        List<String> chunks = split(text, 7);

        assertThat(String.join("", chunks)).isEqualTo(text);
        assertThat(chunks).allSatisfy(chunk -> assertThat(chunk.length() % 2).isZero());
    }

    @Test
    void goesOnWhereNotEvenOneCharacterFits() {
        assertThat(Chunks.split("ab", 0, String::length)).hasSize(2);
    }

    @Test
    void looksAtEachCharacterAFewTimesOnlyInATextWithoutSentences() {
        String text = "word ".repeat(40_000);
        AtomicLong counted = new AtomicLong();

        List<Chunk> chunks = Chunks.split(text, 100, part -> {
            counted.addAndGet(part.length());
            return part.length() / 5;
        });

        assertThat(chunks.stream().map(chunk -> chunk.span().of(text)).collect(Collectors.joining()))
                .isEqualTo(text);
        assertThat(counted.get()).isLessThan(30L * text.length());
    }

    private List<String> split(String text, int maxTokens) {
        return Chunks.split(text, maxTokens, part -> tokenizer.encode(part).length).stream()
                .peek(chunk -> assertThat(tokenizer.encode(chunk.span().of(text)).length)
                        .isLessThanOrEqualTo(maxTokens))
                .map(chunk -> chunk.span().of(text))
                .toList();
    }
}
