package org.flinkllama.operators.task.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
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

    private AnswerSpans(List<TokenOffsets> parts, List<Integer> shifts, int endOfTurn) {
        int count = parts.stream().mapToInt(part -> part.tokens().length + 1).sum();
        tokens = new int[count];
        from = new int[count];
        to = new int[count];
        int next = 0;
        for (int part = 0; part < parts.size(); part++) {
            TokenOffsets offsets = parts.get(part);
            for (int index = 0; index < offsets.tokens().length; index++) {
                tokens[next] = offsets.tokens()[index];
                from[next] = offsets.starts()[index] + shifts.get(part);
                to[next++] = offsets.ends()[index] + shifts.get(part);
            }
            separators.set(next);
            tokens[next++] = endOfTurn;
        }
    }

    /// @param maxTokens tokens of the longest answer
    public static AnswerSpans of(String text, Tokenizer tokenizer, int endOfTurn, int maxTokens) {
        List<TokenOffsets> parts = new ArrayList<>();
        List<Integer> shifts = new ArrayList<>();
        TokenOffsets whole = TokenOffsets.of(text, tokenizer);
        parts.add(whole);
        shifts.add(0);
        for (int word = 1; word < text.length() && parts.size() <= MAX_REREAD_WORDS; word++) {
            if (tokenizer.addsSpacePrefix() && Words.startsAt(text, word) && text.charAt(word - 1) != ' ') {
                int end = reach(text, word, maxTokens);
                parts.add(TokenOffsets.of(text.substring(word, end), tokenizer));
                shifts.add(word);
            }
        }
        AnswerSpans spans = new AnswerSpans(parts, shifts, endOfTurn);
        spans.mark(text, whole.tokens().length, parts.size() <= MAX_REREAD_WORDS && tokenizer.addsSpacePrefix());
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
