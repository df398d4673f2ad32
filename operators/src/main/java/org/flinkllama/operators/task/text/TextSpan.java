package org.flinkllama.operators.task.text;

/// A stretch of a text in UTF-16 code units.
///
/// @param start first code unit
/// @param end   behind the last code unit
public record TextSpan(int start, int end) {
    public TextSpan {
        if (start < 0 || end < start) {
            throw new IllegalArgumentException("A span begins at 0 or later and doesn't end before it begins; found "
                    + start + " to " + end + ".");
        }
    }

    public static TextSpan all(String text) {
        return new TextSpan(0, text.length());
    }

    public int length() {
        return end - start;
    }

    /// What stands here in `text`.
    public String of(String text) {
        return text.substring(start, end);
    }

    /// Without white space at both ends; empty where there is nothing else.
    public TextSpan stripped(String text) {
        int from = start;
        int to = end;
        while (from < to && isSpace(text.charAt(from))) {
            from++;
        }
        while (to > from && isSpace(text.charAt(to - 1))) {
            to--;
        }
        return new TextSpan(from, to);
    }

    /// White space in the widest sense, non-breaking spaces included.
    static boolean isSpace(char character) {
        return Character.isWhitespace(character) || Character.isSpaceChar(character);
    }
}
