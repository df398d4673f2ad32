package org.flinkllama.model.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class PreTokenizerTest {
    private static int[] lengths(PreTokenizer preTokenizer, String text) {
        IntStream.Builder lengths = IntStream.builder();
        for (int start = 0; start < text.length(); ) {
            int end = preTokenizer.end(text, start);
            lengths.add(end - start);
            start = end;
        }
        return lengths.build().toArray();
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt-2", "smollm", "llama-bpe"})
    void cutsWhereTheRegularExpressionDoes(String name) {
        PreTokenizer preTokenizer = PreTokenizer.named(name).orElseThrow();

        assertThat(Vocabularies.cases("cuts-" + name + ".tsv"))
                .hasSizeGreaterThan(50)
                .allSatisfy(golden -> assertThat(lengths(preTokenizer, golden.text()))
                        .as(golden.text())
                        .isEqualTo(golden.numbers()));
    }

    @ParameterizedTest
    @EnumSource
    void cutsHostileTextInLinearTimeAndConstantStack(PreTokenizer preTokenizer) {
        for (String part : new String[] {"a", " ", "\n", " \n", "'", "1", "!", "! ", "\u0301", " \u4e2d"}) {
            String text = part.repeat(500_000);

            int[] lengths = assertTimeoutPreemptively(Duration.ofSeconds(20), () -> lengths(preTokenizer, text));

            assertThat(IntStream.of(lengths).sum()).isEqualTo(text.length());
        }
    }

    @ParameterizedTest
    @EnumSource
    void leavesNothingOutOfAnyText(PreTokenizer preTokenizer) {
        RandomTexts.forEach(2_000, text -> {
            String data = RandomTexts.wellFormed(text);
            int[] lengths = lengths(preTokenizer, data);
            assertThat(IntStream.of(lengths)).allMatch(length -> length > 0);
            assertThat(IntStream.of(lengths).sum()).isEqualTo(data.length());
        });
    }

    @Test
    void knowsTheOtherNamesThatFilesUse() {
        assertThat(PreTokenizer.named("llama3")).contains(PreTokenizer.LLAMA3);
        assertThat(PreTokenizer.named("llama-v3")).contains(PreTokenizer.LLAMA3);
        assertThat(PreTokenizer.named("default")).contains(PreTokenizer.GPT2);
        assertThat(PreTokenizer.named("tekken")).isEmpty();
    }
}
