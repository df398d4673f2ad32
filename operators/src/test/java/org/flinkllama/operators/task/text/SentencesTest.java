package org.flinkllama.operators.task.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SentencesTest {
    @Test
    void endsAtFullStopsQuestionsAndExclamations() {
        assertThat(split("It works. Does it? It does!  So there… Good."))
                .containsExactly("It works. ", "Does it? ", "It does!  ", "So there… ", "Good.");
    }

    @Test
    void keepsAbbreviationsInitialsNumbersAndAddressesWhole() {
        assertThat(split("Dr. Smith met J. R. Ewing at 3.30 p.m. near St. Paul. He paid $4.50 to flink.apache.org."))
                .containsExactly(
                        "Dr. Smith met J. R. Ewing at 3.30 p.m. near St. Paul. ", "He paid $4.50 to flink.apache.org.");
        assertThat(split("He saw e.g. cats. It was I. She left.")).hasSize(3);
    }

    @Test
    void endsChineseSentencesWithoutASpace() {
        assertThat(split("手机很好。“我喜欢！”她说。值得买吗？值得")).containsExactly("手机很好。", "“我喜欢！”", "她说。", "值得买吗？", "值得");
    }

    @Test
    void takesClosingQuotesAndBracketsWithTheSentence() {
        assertThat(split("\"Stop!\" (He did.) \"Really?\" Yes."))
                .containsExactly("\"Stop!\" ", "(He did.) ", "\"Really?\" ", "Yes.");
    }

    @Test
    void endsAHeadlineAtItsLineAndGoesOnWhereALineWasWrapped() {
        assertThat(split("Rates rise again\nThe bank raised\nits rates.\n\nmore to come"))
                .containsExactly("Rates rise again\n", "The bank raised\nits rates.\n\n", "more to come");
    }

    @Test
    void coversEveryTextWithoutAGap() {
        SplittableRandom random = new SplittableRandom(3);
        String alphabet = "aB1 .!?\n。！“”)😀\u00a0";
        for (int round = 0; round < 500; round++) {
            StringBuilder text = new StringBuilder();
            for (int index = random.nextInt(40); index > 0; index--) {
                text.appendCodePoint(alphabet.codePointAt(random.nextInt(alphabet.length() - 1)));
            }
            assertThat(String.join("", split(text.toString()))).isEqualTo(text.toString());
        }
    }

    private static List<String> split(String text) {
        return Sentences.split(text).stream().map(span -> span.of(text)).toList();
    }
}
