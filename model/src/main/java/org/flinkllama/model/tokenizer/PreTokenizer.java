package org.flinkllama.model.tokenizer;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/// How a byte-level vocabulary cuts text into stretches before merging; no merge crosses a cut. Each is what the
/// regular expression in its comment finds, as a scanner: linear in time, constant in stack, and with `\s`, `\p{L}`
/// and `\p{N}` meaning Unicode's `White_Space`, letters and numbers, as in the libraries that models are trained
/// with.
enum PreTokenizer {
    /// `'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`
    GPT2("gpt-2", "default"),

    /// Every `\p{N}` by itself, and GPT-2's cuts in what is between.
    SMOLLM("smollm"),

    /// `(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|`
    /// `\s+(?!\S)|\s+`
    LLAMA3("llama-bpe", "llama3", "llama-v3");

    private enum Kind {
        LETTER,
        NUMBER,
        SPACE,
        OTHER,
        END
    }

    // Folds to 's' where case is ignored.
    private static final int LATIN_LONG_S = 0x17F;
    private static final Kind[] ASCII = new Kind[128];

    static {
        Arrays.setAll(ASCII, PreTokenizer::unicodeKind);
    }

    private final String[] names;

    PreTokenizer(String... names) {
        this.names = names;
    }

    /// The pre-tokenizer that files call `name` in `tokenizer.ggml.pre`.
    static Optional<PreTokenizer> named(String name) {
        return Arrays.stream(values())
                .filter(candidate -> Arrays.asList(candidate.names).contains(name))
                .findFirst();
    }

    /// All names that [#named(String)] knows.
    static String names() {
        return Arrays.stream(values())
                .flatMap(candidate -> Arrays.stream(candidate.names))
                .collect(Collectors.joining(", "));
    }

    /// Where the stretch that begins at `start` ends. `text` is well-formed and `start` inside it.
    int end(String text, int start) {
        return switch (this) {
            case GPT2, SMOLLM -> gpt2(text, start);
            case LLAMA3 -> llama3(text, start);
        };
    }

    private int gpt2(String text, int start) {
        int first = text.codePointAt(start);
        int contraction = contraction(text, start);
        if (contraction > start) {
            return contraction;
        }
        Kind kind = kind(first);
        if (this == SMOLLM && kind == Kind.NUMBER) {
            return start + Character.charCount(first);
        }
        int body = first == ' ' ? start + 1 : start;
        Kind bodyKind = kindAt(text, body);
        return switch (bodyKind) {
            case LETTER, OTHER -> run(text, body, bodyKind);
            case NUMBER -> this == SMOLLM ? body : run(text, body, bodyKind);
            case SPACE, END -> whitespace(text, start);
        };
    }

    private int llama3(String text, int start) {
        int contraction = contraction(text, start);
        if (contraction > start) {
            return contraction;
        }
        int first = text.codePointAt(start);
        int second = start + Character.charCount(first);
        Kind kind = kind(first);
        Kind secondKind = kindAt(text, second);
        if (kind == Kind.LETTER || secondKind == Kind.LETTER && kind != Kind.NUMBER && !isNewline(first)) {
            return run(text, second, Kind.LETTER);
        }
        if (kind == Kind.NUMBER) {
            return upToThreeNumbers(text, second);
        }
        if (kind == Kind.OTHER || first == ' ' && secondKind == Kind.OTHER) {
            int end = run(text, second, Kind.OTHER);
            while (end < text.length() && isNewline(text.charAt(end))) {
                end++;
            }
            return end;
        }
        return whitespace(text, start);
    }

    // A stretch of white space leaves its last character to what follows, but at the end of the text.
    private int whitespace(String text, int start) {
        int end = run(text, start, Kind.SPACE);
        if (this == LLAMA3) {
            for (int last = end - 1; last >= start; last--) {
                if (isNewline(text.charAt(last))) {
                    return last + 1;
                }
            }
        }
        Kind following = kindAt(text, end);
        boolean whole = following == Kind.END || this == SMOLLM && following == Kind.NUMBER || end - start == 1;
        return whole ? end : end - 1;
    }

    private int contraction(String text, int start) {
        if (text.charAt(start) != '\'') {
            return start;
        }
        return switch (contractionLetter(text, start + 1)) {
            case 's', 't', 'm', 'd' -> start + 2;
            case 'r', 'v' -> contractionLetter(text, start + 2) == 'e' ? start + 3 : start;
            case 'l' -> contractionLetter(text, start + 2) == 'l' ? start + 3 : start;
            default -> start;
        };
    }

    private char contractionLetter(String text, int at) {
        char letter = at < text.length() ? text.charAt(at) : 0;
        if (this != LLAMA3) {
            return letter;
        }
        return letter == LATIN_LONG_S ? 's' : letter >= 'A' && letter <= 'Z' ? (char) (letter + 'a' - 'A') : letter;
    }

    private static int upToThreeNumbers(String text, int second) {
        int end = second;
        for (int more = 0; more < 2 && kindAt(text, end) == Kind.NUMBER; more++) {
            end += Character.charCount(text.codePointAt(end));
        }
        return end;
    }

    private static int run(String text, int from, Kind kind) {
        int end = from;
        while (end < text.length()) {
            int codePoint = text.codePointAt(end);
            if (kind(codePoint) != kind) {
                break;
            }
            end += Character.charCount(codePoint);
        }
        return end;
    }

    private static boolean isNewline(int codePoint) {
        return codePoint == '\n' || codePoint == '\r';
    }

    private static Kind kindAt(String text, int at) {
        return at < text.length() ? kind(text.codePointAt(at)) : Kind.END;
    }

    private static Kind kind(int codePoint) {
        return codePoint < ASCII.length ? ASCII[codePoint] : unicodeKind(codePoint);
    }

    private static Kind unicodeKind(int codePoint) {
        if (isWhiteSpace(codePoint)) {
            return Kind.SPACE;
        }
        return switch (Character.getType(codePoint)) {
            case Character.UPPERCASE_LETTER,
                    Character.LOWERCASE_LETTER,
                    Character.TITLECASE_LETTER,
                    Character.MODIFIER_LETTER,
                    Character.OTHER_LETTER -> Kind.LETTER;
            case Character.DECIMAL_DIGIT_NUMBER, Character.LETTER_NUMBER, Character.OTHER_NUMBER -> Kind.NUMBER;
            default -> Kind.OTHER;
        };
    }

    private static boolean isWhiteSpace(int codePoint) {
        return switch (codePoint) {
            case '\t', '\n', 0x0B, '\f', '\r', ' ', 0x85, 0xA0, 0x1680, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000 -> true;
            default -> codePoint >= 0x2000 && codePoint <= 0x200A;
        };
    }
}
