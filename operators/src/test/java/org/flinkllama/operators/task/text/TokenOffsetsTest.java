package org.flinkllama.operators.task.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;
import java.util.Set;
import org.flinkllama.model.tokenizer.SpecialTokens;
import org.flinkllama.model.tokenizer.Tokenizer;
import org.flinkllama.operators.WordTokenizer;
import org.junit.jupiter.api.Test;

class TokenOffsetsTest {
    @Test
    void saysWhereEachTokenStands() {
        TokenOffsets offsets = TokenOffsets.of("Grüße, 你 😀!", new WordTokenizer());

        assertThat(offsets.starts()).containsExactly(0, 5, 6, 8, 11);
        assertThat(offsets.ends()).containsExactly(5, 6, 8, 11, 12);
    }

    @Test
    void givesEveryByteOfACharacterTheWholeCharacter() {
        TokenOffsets offsets = TokenOffsets.of("a😀é", new ByteTokenizer());

        assertThat(offsets.starts()).containsExactly(0, 1, 1, 1, 1, 3, 3);
        assertThat(offsets.ends()).containsExactly(1, 3, 3, 3, 3, 4, 4);
    }

    @Test
    void hasNoTokensForAnEmptyText() {
        assertThat(TokenOffsets.of("", new WordTokenizer()).tokens()).isEmpty();
    }

    @Test
    void collapsedTextLeadsBackToTheDocument() {
        String document = "Title\n\n  One \t two.  ";
        ReadText read = ReadText.collapsed(document, TextSpan.all(document));

        assertThat(read.text()).isEqualTo("Title One two.");
        assertThat(read.inDocument(new TextSpan(6, 13)).of(document)).isEqualTo("One \t two");
        assertThat(ReadText.asWritten(document, new TextSpan(7, 12)).inDocument(new TextSpan(2, 5)))
                .isEqualTo(new TextSpan(9, 12));
    }

    /// One token for each byte, without a space before the text.
    private static final class ByteTokenizer implements Tokenizer {
        @Override
        public int vocabularySize() {
            return 256;
        }

        @Override
        public int[] encode(String text) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            int[] tokens = new int[bytes.length];
            for (int index = 0; index < bytes.length; index++) {
                tokens[index] = bytes[index] & 0xFF;
            }
            return tokens;
        }

        @Override
        public byte[] bytes(int token) {
            return new byte[] {(byte) token};
        }

        @Override
        public OptionalInt controlToken(String piece) {
            return OptionalInt.empty();
        }

        @Override
        public String piece(int token) {
            return Integer.toString(token);
        }

        @Override
        public boolean addsSpacePrefix() {
            return false;
        }

        @Override
        public SpecialTokens specialTokens() {
            return new SpecialTokens(OptionalInt.empty(), false, Set.of());
        }
    }
}
