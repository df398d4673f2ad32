package org.flinkllama.operators.task.text;

/// Halves of characters. A string with half of a surrogate pair is no Unicode text: it can't be written again as it
/// was.
public final class Surrogates {
    private Surrogates() {}

    /// Where half of a pair stands alone; -1 where none does.
    public static int unpaired(String text) {
        for (int index = 0; index < text.length(); index++) {
            char character = text.charAt(index);
            if (!Character.isSurrogate(character)) {
                continue;
            }
            boolean pair = Character.isHighSurrogate(character)
                    && index + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(index + 1));
            if (!pair) {
                return index;
            }
            index++;
        }
        return -1;
    }
}
