package org.flinkllama.model.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Turns tokens into text one by one, as they are generated. Text never ends inside a character: bytes of an
/// incomplete one wait for the rest. All that is returned, put together, is what `new String(bytes, UTF_8)` makes
/// of all bytes at once; what is malformed reads as U+FFFD. For one text, by one thread.
public final class TextDecoder {
    private final Tokenizer tokenizer;
    private byte[] waiting = {};
    private boolean dropSpace;

    private TextDecoder(Tokenizer tokenizer, boolean dropSpace) {
        this.tokenizer = tokenizer;
        this.dropSpace = dropSpace;
    }

    /// Decodes a text of its own, such as an assistant's message: the space that the tokenizer puts before a text
    /// is dropped where the text begins with it.
    public static TextDecoder ofMessage(Tokenizer tokenizer) {
        return new TextDecoder(tokenizer, tokenizer.addsSpacePrefix());
    }

    /// Decodes a text that goes on where a raw prompt ended: its first space stays.
    public static TextDecoder ofContinuation(Tokenizer tokenizer) {
        return new TextDecoder(tokenizer, false);
    }

    /// The text that is certain once `token` is read, often empty.
    public String push(int token) {
        byte[] added = tokenizer.bytes(token);
        if (added.length == 0) {
            return "";
        }
        byte[] bytes = Arrays.copyOf(waiting, waiting.length + added.length);
        System.arraycopy(added, 0, bytes, waiting.length, added.length);
        int certain = bytes.length - Utf8.incompleteTail(bytes, bytes.length);
        waiting = Arrays.copyOfRange(bytes, certain, bytes.length);
        return text(bytes, certain);
    }

    /// The text of bytes that still wait: U+FFFD where a character was never completed, otherwise nothing.
    public String finish() {
        String text = text(waiting, waiting.length);
        waiting = new byte[0];
        return text;
    }

    private String text(byte[] bytes, int length) {
        int start = dropSpace && length > 0 && bytes[0] == ' ' ? 1 : 0;
        dropSpace &= length == 0;
        return new String(bytes, start, length - start, StandardCharsets.UTF_8);
    }
}
