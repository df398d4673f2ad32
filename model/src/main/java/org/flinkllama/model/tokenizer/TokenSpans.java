package org.flinkllama.model.tokenizer;

/// Where the tokens of `tokenizer.encode(text)` stand in `text`, as UTF-16 offsets. A token that begins or ends
/// inside a character covers the whole of it, so spans of neighbours may share a character. The space that the
/// tokenizer puts before a text has no place in it: a token of nothing else has an empty span at 0. A space inside
/// the text belongs to the token that holds it, usually that of the word behind it.
public final class TokenSpans {
    private static final char SPACE_MARK = '\u2581';

    private final int[] starts;
    private final int[] ends;

    private TokenSpans(int[] starts, int[] ends) {
        this.starts = starts;
        this.ends = ends;
    }

    /// The spans of `tokens`, which are `tokenizer.encode(text)`. Linear in the length of the text.
    public static TokenSpans of(Tokenizer tokenizer, String text, int[] tokens) {
        int[] starts = new int[tokens.length];
        int[] ends = new int[tokens.length];
        Cursor cursor = new Cursor(Utf8.wellFormed(text));
        boolean prefix = tokenizer.addsSpacePrefix();
        for (int index = 0; index < tokens.length; index++) {
            byte[] bytes = tokenizer.bytes(tokens[index]);
            int from = prefix && bytes.length > 0 ? 1 : 0;
            prefix &= bytes.length == 0;
            starts[index] = cursor.start;
            ends[index] = cursor.start;
            for (int at = from; at < bytes.length; at++) {
                cursor.seek(bytes[at], index);
                starts[index] = at == from ? cursor.start : starts[index];
                ends[index] = cursor.end();
                cursor.step();
            }
        }
        return new TokenSpans(starts, ends);
    }

    /// Number of tokens.
    public int size() {
        return starts.length;
    }

    /// Where the token at `index` begins, inclusive.
    public int start(int index) {
        return starts[index];
    }

    /// Where the token at `index` ends, exclusive.
    public int end(int index) {
        return ends[index];
    }

    /// A place among the bytes of a text.
    private static final class Cursor {
        private final String text;
        private int start; // of the character
        private int index; // of the byte in the character

        Cursor(String text) {
            this.text = text;
        }

        private int character() {
            return text.codePointAt(start);
        }

        int end() {
            return start + Character.charCount(character());
        }

        /// Goes on to the next byte equal to `wanted`; those before it are ones that the vocabulary can't spell. A
        /// U+2581 counts as a space where a space is wanted.
        void seek(byte wanted, int token) {
            while (start < text.length()) {
                int character = character();
                if (wanted == ' ' && index == 0 && character == SPACE_MARK) {
                    index = Utf8.length(character) - 1;
                    return;
                }
                if (Utf8.at(character, index) == wanted) {
                    return;
                }
                step();
            }
            throw new IllegalArgumentException("Token " + token + " stands for bytes that the text of " + text.length()
                    + " characters doesn't have there; give the tokens of exactly this text.");
        }

        void step() {
            int character = character();
            index++;
            if (index == Utf8.length(character)) {
                start += Character.charCount(character);
                index = 0;
            }
        }
    }
}
