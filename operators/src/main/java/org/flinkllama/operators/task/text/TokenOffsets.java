package org.flinkllama.operators.task.text;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.flinkllama.model.tokenizer.Tokenizer;

/// The tokens of a text, and where in the text each stands. A token that is part of a character stands where the
/// character does. The space that a tokenizer puts before a text has no place in it.
///
/// @param tokens token ids
/// @param starts `[token]` first UTF-16 code unit
/// @param ends   `[token]` behind the last code unit
public record TokenOffsets(int[] tokens, int[] starts, int[] ends) {
    /// Reads `text` as a stretch of its own.
    public static TokenOffsets of(String text, Tokenizer tokenizer) {
        int[] tokens = tokenizer.encode(text);
        int[] units = unitsOfBytes(text);
        int[] starts = new int[tokens.length];
        int[] ends = new int[tokens.length];
        int position = tokenizer.addsSpacePrefix() && tokens.length > 0 ? -1 : 0; // in bytes of the text
        for (int index = 0; index < tokens.length; index++) {
            int next = position + tokenizer.bytes(tokens[index]).length;
            starts[index] = units[Math.clamp(position, 0, units.length - 1)];
            // A token that ends within a character takes in the whole of it.
            int end = Math.clamp(next, 0, units.length - 1);
            while (end > 0 && end < units.length - 1 && units[end] == units[end - 1]) {
                end++;
            }
            ends[index] = Math.max(starts[index], units[end]);
            position = next;
        }
        return new TokenOffsets(tokens, starts, ends);
    }

    /// `[byte of the text in UTF-8, and one behind the last]` the code unit that its character begins with.
    private static int[] unitsOfBytes(String text) {
        int[] units = new int[text.getBytes(StandardCharsets.UTF_8).length + 1];
        int position = 0;
        for (int unit = 0; unit < text.length(); ) {
            int codePoint = text.codePointAt(unit);
            int bytes = codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
            Arrays.fill(units, position, position + bytes, unit);
            position += bytes;
            unit += Character.charCount(codePoint);
        }
        units[position] = text.length();
        return units;
    }
}
