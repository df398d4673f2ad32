package org.flinkllama.operators.task.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ReadTextTest {
    private static final String DOCUMENT = "Title\n\n  One \t two.  ";

    @Test
    void collapsedTextLeadsBackToTheDocument() {
        ReadText read = ReadText.collapsed(DOCUMENT, TextSpan.all(DOCUMENT));

        assertThat(read.text()).isEqualTo("Title One two.");
        assertThat(read.inDocument(new TextSpan(6, 13)).of(DOCUMENT)).isEqualTo("One \t two");
    }

    @Test
    void textAsWrittenLeadsBackToTheDocument() {
        ReadText read = ReadText.asWritten(DOCUMENT, new TextSpan(7, 12));

        assertThat(read.text()).isEqualTo("  One");
        assertThat(read.inDocument(new TextSpan(2, 5))).isEqualTo(new TextSpan(9, 12));
    }
}
