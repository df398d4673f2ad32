package org.flinkllama.operators.task.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// Splits a text into sentences.
///
/// A sentence ends
/// - behind `。！？` and the quotes and brackets that close with it;
/// - behind `. ! ? …` and what closes with it, before white space that no lower-case letter follows, unless the full
///   stop belongs to an abbreviation or an initial;
/// - at a line's end, unless the next line goes on with a lower-case letter; at an empty line always.
public final class Sentences {
    private static final String CHINESE_ENDS = "。！？";
    private static final String ENDS = ".!?…";
    private static final String CLOSING = "\"'”’»)]}」』）》】";
    private static final Set<String> ABBREVIATIONS = Set.of(
            "mr", "mrs", "ms", "dr", "prof", "st", "no", "vs", "etc", "inc", "ltd", "co", "corp", "jr", "sr", "dept",
            "approx", "fig", "gen", "gov", "sen", "rep", "rev", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep",
            "sept", "oct", "nov", "dec", "e.g", "i.e", "a.m", "p.m", "u.s", "u.k");

    private Sentences() {}

    /// Sentences that cover `text` without a gap, each with the white space behind it.
    public static List<TextSpan> split(String text) {
        List<TextSpan> sentences = new ArrayList<>();
        int start = 0;
        int position = 0;
        while (position < text.length()) {
            int end = endAt(text, start, position);
            if (end < 0) {
                position++;
                continue;
            }
            int next = behindSpace(text, end);
            sentences.add(new TextSpan(start, next));
            start = next;
            position = next;
        }
        if (start < text.length()) {
            sentences.add(new TextSpan(start, text.length()));
        }
        return sentences;
    }

    /// Position behind a sentence that ends with the character at `position`; -1 where none ends.
    private static int endAt(String text, int start, int position) {
        char character = text.charAt(position);
        if (CHINESE_ENDS.indexOf(character) >= 0) {
            return behindClosing(text, position + 1);
        }
        if (character == '\n' || character == '\r') {
            return endsLine(text, position) ? position + 1 : -1;
        }
        if (ENDS.indexOf(character) < 0) {
            return -1;
        }
        int end = behindClosing(text, position + 1);
        if (end == text.length()) {
            return end;
        }
        int next = behindSpace(text, end);
        boolean ends = next > end
                && (next == text.length() || !Character.isLowerCase(text.codePointAt(next)))
                && !(character == '.' && end == position + 1 && isAbbreviated(text, start, position));
        return ends ? end : -1;
    }

    private static boolean endsLine(String text, int position) {
        int next = behindSpace(text, position);
        int lineEnds = 0;
        for (int index = position; index < next; index++) {
            boolean pair = text.charAt(index) == '\r' && index + 1 < next && text.charAt(index + 1) == '\n';
            lineEnds += (text.charAt(index) == '\n' || text.charAt(index) == '\r') && !pair ? 1 : 0;
        }
        return next == text.length() || lineEnds > 1 || !Character.isLowerCase(text.codePointAt(next));
    }

    private static boolean isAbbreviated(String text, int start, int stop) {
        int word = stop;
        while (word > start && (Character.isLetter(text.charAt(word - 1)) || text.charAt(word - 1) == '.')) {
            word--;
        }
        boolean initial = stop - word == 1 && Character.isUpperCase(text.charAt(word)) && text.charAt(word) != 'I';
        return initial || ABBREVIATIONS.contains(text.substring(word, stop).toLowerCase(Locale.ROOT));
    }

    private static int behindClosing(String text, int position) {
        int end = position;
        while (end < text.length()
                && (CLOSING.indexOf(text.charAt(end)) >= 0
                        || ENDS.indexOf(text.charAt(end)) >= 0
                        || CHINESE_ENDS.indexOf(text.charAt(end)) >= 0)) {
            end++;
        }
        return end;
    }

    private static int behindSpace(String text, int position) {
        int end = position;
        while (end < text.length() && TextSpan.isSpace(text.charAt(end))) {
            end++;
        }
        return end;
    }
}
