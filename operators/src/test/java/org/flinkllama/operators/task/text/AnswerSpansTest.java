package org.flinkllama.operators.task.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.TreeSet;
import org.flinkllama.operators.WordTokenizer;
import org.junit.jupiter.api.Test;

class AnswerSpansTest {
    private final WordTokenizer tokenizer = new WordTokenizer();

    @Test
    void findsAnAnswerByTheTokensItIsGeneratedWith() {
        String text = "Ada (born 1815) wrote \"Notes\" for $4.50 in Turin.";

        for (String answer :
                new String[] {"Ada", "1815", "born 1815", "Notes", "$4.50", "4.50", "Turin", "(born 1815)"}) {
            AnswerSpans spans = AnswerSpans.of(text, tokenizer, WordTokenizer.END, 32);
            assertThat(spans.locate(tokenizer.encode(answer), text))
                    .as(answer)
                    .hasValueSatisfying(span -> assertThat(span.of(text)).isEqualTo(answer));
        }
    }

    @Test
    void startsAndEndsAnswersAtWords() {
        assertThat(allowed("It's $4.50 (net), okay."))
                .contains("It's", "$4.50", "4.50", "net", "(net),", "okay", "okay.", "It's $4.50 (net), okay.")
                .doesNotContain("$4", "4", "s", "50", "It", "$4.", "(", "");
    }

    @Test
    void startsAndEndsAnywhereInChinese() {
        assertThat(allowed("我在北京")).contains("北京", "我在北京", "在");
    }

    @Test
    void neverRunsFromAPartIntoTheNext() {
        AnswerSpans spans = AnswerSpans.of("a (b) c (d)", tokenizer, WordTokenizer.END, 32);

        int separators = 0;
        for (int token : spans.tokens()) {
            separators += token == WordTokenizer.END ? 1 : 0;
        }
        assertThat(separators).isEqualTo(3);
        assertThat(spans.locate(new int[] {WordTokenizer.END}, "a (b) c (d)")).isEmpty();
    }

    @Test
    void allowsEveryWordOfATextWithTooManyToReadAgain() {
        String text = "(x)".repeat(AnswerSpans.MAX_REREAD_WORDS + 5) + "(last)";
        AnswerSpans spans = AnswerSpans.of(text, tokenizer, WordTokenizer.END, 4);
        int last = tokenizer.encode(text).length - 2;

        assertThat(spans.starts().get(last)).isTrue();
        assertThat(spans.ends().get(last)).isTrue();
    }

    /// Every text that tokens from a start to an end spell.
    private Set<String> allowed(String text) {
        AnswerSpans spans = AnswerSpans.of(text, tokenizer, WordTokenizer.END, 32);
        Set<String> allowed = new TreeSet<>();
        spans.starts().stream().forEach(start -> {
            StringBuilder answer = new StringBuilder();
            for (int index = start; spans.tokens()[index] != WordTokenizer.END; index++) {
                answer.append(tokenizer.piece(spans.tokens()[index]));
                if (spans.ends().get(index)) {
                    allowed.add(answer.toString().strip());
                }
            }
        });
        return allowed;
    }
}
