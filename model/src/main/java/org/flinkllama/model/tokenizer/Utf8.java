package org.flinkllama.model.tokenizer;

/// What the tokenizers need to know of UTF-8 and UTF-16.
final class Utf8 {
    private static final char REPLACEMENT = '\uFFFD';

    private Utf8() {}

    /// `text` with every lone surrogate replaced by U+FFFD; offsets stay the same.
    static String wellFormed(String text) {
        int lone = loneSurrogate(text, 0);
        if (lone == text.length()) {
            return text;
        }
        char[] repaired = text.toCharArray();
        for (; lone < repaired.length; lone = loneSurrogate(text, lone + 1)) {
            repaired[lone] = REPLACEMENT;
        }
        return new String(repaired);
    }

    private static int loneSurrogate(String text, int from) {
        int at = from;
        while (at < text.length()) {
            int codePoint = text.codePointAt(at);
            if (codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE) {
                return at;
            }
            at += Character.charCount(codePoint);
        }
        return at;
    }

    /// Bytes of a code point, 1 to 4.
    static int length(int codePoint) {
        if (codePoint < 0x80) {
            return 1;
        }
        if (codePoint < 0x800) {
            return 2;
        }
        return codePoint < 0x10000 ? 3 : 4;
    }

    /// Bytes of the characters from `from` until `to` of a well-formed text.
    static int length(String text, int from, int to) {
        int length = 0;
        for (int at = from; at < to; at++) {
            char unit = text.charAt(at);
            // Each half of a surrogate pair counts for two of its four bytes.
            length = Math.addExact(length, Character.isSurrogate(unit) ? 2 : length(unit));
        }
        return length;
    }

    /// Byte `index` of a code point's encoding.
    static byte at(int codePoint, int index) {
        int length = length(codePoint);
        if (length == 1) {
            return (byte) codePoint;
        }
        int bits = codePoint >> 6 * (length - 1 - index);
        int leadMark = 0xF00 >> length & 0xFF;
        return (byte) (index == 0 ? leadMark | bits : 0x80 | bits & 0x3F);
    }

    /// How many of the last bytes may be the beginning of a character whose other bytes are still to come: 0 to 3.
    /// Agrees with what `new String(bytes, UTF_8)` takes for one malformed stretch.
    static int incompleteTail(byte[] bytes, int length) {
        for (int back = 1; back <= Math.min(3, length); back++) {
            int lead = bytes[length - back] & 0xFF;
            if ((lead & 0xC0) != 0x80) {
                int second = back > 1 ? bytes[length - back + 1] & 0xFF : -1;
                return back < expectedLength(lead) && maySecond(lead, second) ? back : 0;
            }
        }
        return 0;
    }

    private static int expectedLength(int lead) {
        if (lead < 0xC2 || lead > 0xF4) {
            return 1;
        }
        if (lead < 0xE0) {
            return 2;
        }
        return lead < 0xF0 ? 3 : 4;
    }

    // Surrogates (0xED, 0xA0..) are left in: the JDK reads their three bytes as one malformed stretch.
    private static boolean maySecond(int lead, int second) {
        if (second < 0) {
            return true;
        }
        return switch (lead) {
            case 0xE0 -> second >= 0xA0;
            case 0xF0 -> second >= 0x90;
            case 0xF4 -> second < 0x90;
            default -> true;
        };
    }
}
