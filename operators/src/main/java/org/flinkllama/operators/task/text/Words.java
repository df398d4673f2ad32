package org.flinkllama.operators.task.text;

/// Where words begin and end. A word is a run of letters and digits, with single points and commas between digits and
/// apostrophes between letters within it. What is written against a word without a space, such as a currency sign,
/// may begin or end with it. Every character of a script without spaces may begin or end a word.
final class Words {
    private Words() {}

    /// Whether a word, or something written against one, begins at `position`.
    static boolean startsAt(String text, int position) {
        if (position >= text.length() || TextSpan.isSpace(text.charAt(position))) {
            return false;
        }
        boolean behindSpace = position == 0 || TextSpan.isSpace(text.charAt(position - 1));
        return behindSpace || isWordCharacter(text, position) && !isJoined(text, position);
    }

    /// Whether a word, or something written against one, ends before `position`.
    static boolean endsAt(String text, int position) {
        if (position <= 0 || TextSpan.isSpace(text.charAt(position - 1))) {
            return false;
        }
        boolean beforeSpace = position == text.length() || TextSpan.isSpace(text.charAt(position));
        return beforeSpace || isWordCharacter(text, position - 1) && !isJoined(text, position);
    }

    /// Whether the characters at both sides of `position` belong to one word.
    private static boolean isJoined(String text, int position) {
        if (Character.isLowSurrogate(text.charAt(position)) && Character.isHighSurrogate(text.charAt(position - 1))) {
            return true;
        }
        boolean before = isWordCharacter(text, position - 1);
        boolean behind = isWordCharacter(text, position);
        if (before && behind) {
            return !Character.isIdeographic(text.codePointAt(position))
                    && !Character.isIdeographic(text.codePointBefore(position));
        }
        return before && joins(text, position) || behind && joins(text, position - 1);
    }

    /// Whether the sign at `position` stands within a word.
    private static boolean joins(String text, int position) {
        if (position <= 0 || position + 1 >= text.length()) {
            return false;
        }
        char sign = text.charAt(position);
        char before = text.charAt(position - 1);
        char behind = text.charAt(position + 1);
        boolean inNumber =
                (sign == '.' || sign == ',' || sign == ':') && Character.isDigit(before) && Character.isDigit(behind);
        boolean inWord = (sign == '\'' || sign == '’') && Character.isLetter(before) && Character.isLetter(behind);
        return inNumber || inWord;
    }

    private static boolean isWordCharacter(String text, int position) {
        char character = text.charAt(position);
        return Character.isLetterOrDigit(character) || Character.isSurrogate(character);
    }
}
