package org.flinkllama.jobs.demo;

import java.util.ArrayList;
import java.util.List;

/// Fits text into the cells of a terminal. Chinese, Japanese and Korean characters and most emoji take two cells,
/// marks that join their neighbour none.
final class TextLayout {
    /// First and last code points of the stretches whose characters take two cells (Unicode's East Asian Width W,
    /// F).
    private static final int[][] WIDE = {
        {0x1100, 0x115F}, {0x2E80, 0x303E}, {0x3041, 0x33FF}, {0x3400, 0x4DBF}, {0x4E00, 0x9FFF},
        {0xA000, 0xA4CF}, {0xAC00, 0xD7A3}, {0xF900, 0xFAFF}, {0xFE30, 0xFE4F}, {0xFF00, 0xFF60},
        {0xFFE0, 0xFFE6}, {0x1F300, 0x1F64F}, {0x1F680, 0x1F6FF}, {0x1F900, 0x1F9FF}, {0x20000, 0x3FFFD}
    };

    private TextLayout() {}

    /// The text on one line, without anything that a terminal would act on: a document must not move the cursor.
    static String printable(String text) {
        StringBuilder printable = new StringBuilder(text.length());
        text.codePoints().forEach(codePoint -> {
            boolean space = Character.isWhitespace(codePoint) || Character.isISOControl(codePoint);
            if (!space && !isDirective(codePoint)) {
                printable.appendCodePoint(codePoint);
            } else if (space && !printable.isEmpty() && printable.charAt(printable.length() - 1) != ' ') {
                printable.append(' ');
            }
        });
        return printable.toString().strip();
    }

    /// Cells that a printable text takes.
    static int width(String text) {
        return text.codePoints().map(TextLayout::cells).sum();
    }

    /// Breaks a printable text into lines of at most `columns` cells, at spaces and between wide characters where
    /// possible. Has one line at least.
    static List<String> wrap(String text, int columns) {
        List<String> lines = new ArrayList<>();
        int start = 0;
        while (start < text.length()) {
            int end = lineEnd(text, start, columns);
            lines.add(text.substring(start, end).strip());
            start = end;
            while (start < text.length() && text.charAt(start) == ' ') {
                start++;
            }
        }
        return lines.isEmpty() ? List.of("") : lines;
    }

    /// The text where it fits, else its beginning and an ellipsis.
    static String shortened(String text, int columns) {
        return width(text) <= columns
                ? text
                : text.substring(0, fitting(text, 0, columns - 1)).strip() + "…";
    }

    private static int lineEnd(String text, int start, int columns) {
        int fitting = fitting(text, start, columns);
        if (fitting == text.length() || text.charAt(fitting) == ' ') {
            return fitting;
        }
        for (int end = fitting; end > start; end--) {
            int before = text.codePointBefore(end);
            if (before == ' ' || cells(before) == 2 && !Character.isLowSurrogate(text.charAt(end))) {
                return end;
            }
        }
        return fitting;
    }

    /// End of the longest stretch from `start` that takes at most `columns` cells; holds one character at least.
    private static int fitting(String text, int start, int columns) {
        int end = start;
        int used = 0;
        while (end < text.length()) {
            int codePoint = text.codePointAt(end);
            used += cells(codePoint);
            if (used > columns && end > start) {
                return end;
            }
            end += Character.charCount(codePoint);
        }
        return end;
    }

    private static int cells(int codePoint) {
        int type = Character.getType(codePoint);
        if (type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK || type == Character.FORMAT) {
            return 0;
        }
        for (int[] stretch : WIDE) {
            if (codePoint >= stretch[0] && codePoint <= stretch[1]) {
                return 2;
            }
        }
        return 1;
    }

    /// Invisible characters that turn the direction of writing or the like; the joiner of emoji is none of them.
    private static boolean isDirective(int codePoint) {
        return Character.getType(codePoint) == Character.FORMAT && codePoint != 0x200D
                || Character.getType(codePoint) == Character.SURROGATE;
    }
}
