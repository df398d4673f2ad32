package org.flinkllama.jobs.demo;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class TextLayoutTest {
    @Test
    void breaksLinesAtSpaces() {
        assertThat(TextLayout.wrap("one two three", 7)).containsExactly("one two", "three");
    }

    @Test
    void breaksAWordThatIsLongerThanALine() {
        assertThat(TextLayout.wrap("abcdefgh ij", 4)).containsExactly("abcd", "efgh", "ij");
    }

    @Test
    void countsChineseCharactersAndEmojiAsTwoCells() {
        assertThat(TextLayout.width("ab听芦")).isEqualTo(6);
        assertThat(TextLayout.width("🚲")).isEqualTo(2);
        assertThat(TextLayout.width("e\u0301")).isEqualTo(1);
        assertThat(TextLayout.wrap("周末和朋友去了", 6)).containsExactly("周末和", "朋友去", "了");
    }

    @Test
    void fitsNoHalfCharacterIntoALine() {
        assertThat(TextLayout.wrap("周末", 3)).containsExactly("周", "末");
        assertThat(TextLayout.wrap("🚲🚲", 1)).containsExactly("🚲", "🚲");
    }

    @Test
    void givesOneLineForNoText() {
        assertThat(TextLayout.wrap("", 10)).containsExactly("");
    }

    @Test
    void leavesNothingThatATerminalActsOn() {
        assertThat(TextLayout.printable("a\u001B[2Jb\r\n\tc\u202Ed \u0000")).isEqualTo("a [2Jb cd");
    }

    @Test
    void shortensWithAnEllipsis() {
        assertThat(TextLayout.shortened("kettle", 6)).isEqualTo("kettle");
        assertThat(TextLayout.shortened("kettles", 6)).isEqualTo("kettl…");
        assertThat(TextLayout.width(TextLayout.shortened("周末和朋友", 6))).isLessThanOrEqualTo(6);
    }
}
