package org.flinkllama.operators.task.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.flinkllama.model.tokenizer.TokenSpans;
import org.flinkllama.model.tokenizer.Tokenizer;

/// The stretches of a text that an answer may be, as tokens that a model would generate for them.
///
/// Answers begin where a word begins and end where one ends. A text on its own begins with the tokenizer's space, and
/// so does an answer: a word behind a space has the right tokens in the text itself. A word behind anything else, such
/// as a quote, has not; the text from such a word on is put behind the text again, tokenised on its own, for at most
/// [#MAX_REREAD_WORDS] words. The end-of-turn token stands between the parts, so that no answer runs from one into the
/// next.
public final class AnswerSpans {
    static final int MAX_REREAD_WORDS = 128;

    private final int[] tokens;
    private final BitSet starts = new BitSet();
    private final BitSet ends = new BitSet();
    private final BitSet separators = new BitSet();
    private final int[] from; // [token] first code unit in the text
    private final int[] to; // [token] behind the last code unit

    private AnswerSpans(List<Stretch> stretches, int endOfTurn) {
        int count = stretches.stream()
                .mapToInt(stretch -> stretch.tokens().length + 1)
                .sum();
        tokens = new int[count];
        from = new int[count];
        to = new int[count];
        int next = 0;
        for (Stretch stretch : stretches) {
            for (int index = 0; index < stretch.tokens().length; index++) {
                tokens[next] = stretch.tokens()[index];
                from[next] = stretch.shift() + stretch.spans().start(index);
                to[next++] = stretch.shift() + stretch.spans().end(index);
            }
            separators.set(next);
            tokens[next++] = endOfTurn;
        }
    }

    /// A part of the text, tokenised on its own.
    ///
    /// @param shift where in the text it begins
    private record Stretch(int shift, int[] tokens, TokenSpans spans) {
        static Stretch of(String text, int start, int end, Tokenizer tokenizer) {
            String part = text.substring(start, end);
            int[] tokens = tokenizer.encode(part);
            return new Stretch(start, tokens, TokenSpans.of(tokenizer, part, tokens));
        }
    }

    /// @param maxTokens tokens of the longest answer
    public static AnswerSpans of(String text, Tokenizer tokenizer, int endOfTurn, int maxTokens) {
        List<Stretch> stretches = new ArrayList<>();
        stretches.add(Stretch.of(text, 0, text.length(), tokenizer));
        int words = 0;
        for (int word = 1; word < text.length() && tokenizer.addsSpacePrefix(); word++) {
            if (Words.startsAt(text, word) && text.charAt(word - 1) != ' ' && words++ < MAX_REREAD_WORDS) {
                stretches.add(Stretch.of(text, word, reach(text, word, maxTokens), tokenizer));
            }
        }
        AnswerSpans spans = new AnswerSpans(stretches, endOfTurn);
        boolean rereadAll = tokenizer.addsSpacePrefix() && words <= MAX_REREAD_WORDS;
        spans.mark(text, stretches.getFirst().tokens().length, rereadAll);
        return spans;
    }

    /// End of the word that an answer of `maxTokens` from `word` on may reach: a token is a word or less.
    private static int reach(String text, int word, int maxTokens) {
        int words = 0;
        int end = word + 1;
        while (end < text.length() && words < maxTokens) {
            end++;
            words += Words.endsAt(text, end) ? 1 : 0;
        }
        return end;
    }

    private void mark(String text, int wholeTokens, boolean rereadAll) {
        boolean partBegins = true;
        for (int index = 0; index < tokens.length; index++) {
            if (separators.get(index)) {
                partBegins = true;
                continue;
            }
            int word = from[index];
            while (word < text.length() && text.charAt(word) == ' ') {
                word++;
            }
            boolean asGenerated = partBegins || word > from[index];
            boolean mayStart = index < wholeTokens ? asGenerated || !rereadAll : partBegins;
            starts.set(index, mayStart && Words.startsAt(text, word));
            ends.set(index, Words.endsAt(text, to[index]));
            partBegins = false;
        }
    }

    /// Token ids: those of the text, then the parts that were read again. Not to be changed.
    public int[] tokens() {
        return tokens;
    }

    /// Indexes in [#tokens()] where an answer may begin.
    public BitSet starts() {
        return (BitSet) starts.clone();
    }

    /// Indexes in [#tokens()] where an answer may end, the token included.
    public BitSet ends() {
        return (BitSet) ends.clone();
    }

    /// Where in the text the first answer with exactly these tokens stands, without the space before it.
    public Optional<TextSpan> locate(int[] answer, String text) {
        OptionalInt found =
                starts.stream().filter(start -> matches(answer, start)).findFirst();
        if (answer.length == 0 || found.isEmpty()) {
            return Optional.empty();
        }
        int start = found.getAsInt();
        return Optional.of(new TextSpan(from[start], to[start + answer.length - 1]).stripped(text));
    }

    private boolean matches(int[] answer, int start) {
        int length = answer.length;
        int separator = separators.nextSetBit(start);
        return start + length <= separator && Arrays.equals(tokens, start, start + length, answer, 0, length);
    }
}
