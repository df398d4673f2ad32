package org.flinkllama.operators.task.text;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;

/// Splits a text at sentence ends into pieces of a limited number of tokens.
public final class Chunks {
    private Chunks() {}

    /// Chunks that cover `text` without a gap, each of at most `maxTokens` as counted sentence by sentence. A sentence
    /// above that is cut, at white space where there is some, never within a character.
    ///
    /// @param tokens counts the tokens of a stretch of text
    public static List<Chunk> split(String text, int maxTokens, ToIntFunction<String> tokens) {
        List<Chunk> chunks = new ArrayList<>();
        int start = 0;
        int end = 0;
        int sum = 0;
        for (Chunk sentence : pieces(text, maxTokens, tokens)) {
            if (end > start && sum + sentence.tokens() > maxTokens) {
                chunks.add(new Chunk(new TextSpan(start, end), sum));
                start = end;
                sum = 0;
            }
            end = sentence.span().end();
            sum += sentence.tokens();
        }
        if (end > start) {
            chunks.add(new Chunk(new TextSpan(start, end), sum));
        }
        return chunks;
    }

    /// Sentences, and parts of those that are too long. Never counts the tokens of more text than it must: a text
    /// without a sentence end would be counted again for every part.
    private static List<Chunk> pieces(String text, int maxTokens, ToIntFunction<String> tokens) {
        List<Chunk> pieces = new ArrayList<>();
        for (TextSpan sentence : Sentences.split(text)) {
            TextSpan rest = sentence;
            while (rest.length() > 0) {
                boolean whole = rest.length() <= 16 * maxTokens && tokens.applyAsInt(rest.of(text)) <= maxTokens;
                TextSpan head = whole ? rest : new TextSpan(rest.start(), cut(text, rest, maxTokens, tokens));
                pieces.add(new Chunk(head, tokens.applyAsInt(head.of(text))));
                rest = new TextSpan(head.end(), rest.end());
            }
        }
        return pieces;
    }

    /// Where to end a first part of `span` of at most `maxTokens`: its end where all of it fits, and at least one
    /// character behind its start.
    public static int cut(String text, TextSpan span, int maxTokens, ToIntFunction<String> tokens) {
        int fits = 0;
        int tooLong = Math.min(span.length(), widest(text, span, maxTokens, tokens)) + 1;
        while (tooLong - fits > 1) {
            int middle = (fits + tooLong) >>> 1;
            if (tokens.applyAsInt(text.substring(span.start(), span.start() + middle)) <= maxTokens) {
                fits = middle;
            } else {
                tooLong = middle;
            }
        }
        int end = span.start() + fits;
        int space = end;
        while (space > span.start() + fits / 2 && !TextSpan.isSpace(text.charAt(space - 1))) {
            space--;
        }
        if (end < span.end() && space > span.start() + fits / 2) {
            end = space;
        }
        if (end > span.start() && end < span.end() && Character.isLowSurrogate(text.charAt(end))) {
            end--;
        }
        return Math.max(end, span.start() + Character.charCount(text.codePointAt(span.start())));
    }

    /// A length that surely holds more than `maxTokens`, found by doubling, so that a search looks at little text.
    private static int widest(String text, TextSpan span, int maxTokens, ToIntFunction<String> tokens) {
        int length = Math.max(16, 4 * maxTokens);
        while (length < span.length()
                && tokens.applyAsInt(text.substring(span.start(), span.start() + length)) <= maxTokens) {
            length *= 2;
        }
        return length;
    }
}
