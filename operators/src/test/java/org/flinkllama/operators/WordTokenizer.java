package org.flinkllama.operators;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.flinkllama.model.tokenizer.SpecialTokens;
import org.flinkllama.model.tokenizer.Tokenizer;

/// A tokenizer whose tokens are words with the space before them, single digits, and single signs, as SentencePiece
/// would have them. Its vocabulary grows with what it reads.
public final class WordTokenizer implements Tokenizer {
    public static final int BEGIN = 1;
    public static final int END = 5;
    private static final List<String> CONTROL = List.of("<unk>", "<s>", "</s>", "<|user|>", "<|assistant|>", "<|end|>");
    private static final Pattern PIECE =
            Pattern.compile(" ?\\p{IsHan}| ?[\\p{L}&&[^\\p{IsHan}]]+| ?\\d| ?[^\\p{L}\\d ]| ", Pattern.DOTALL);

    private final List<String> pieces = new ArrayList<>(CONTROL);

    @Override
    public synchronized int vocabularySize() {
        return pieces.size();
    }

    @Override
    public synchronized int[] encode(String text) {
        if (text.isEmpty()) {
            return new int[0];
        }
        return PIECE.matcher(" " + text)
                .results()
                .map(MatchResult::group)
                .mapToInt(this::id)
                .toArray();
    }

    private int id(String piece) {
        int known = pieces.indexOf(piece);
        if (known < 0) {
            pieces.add(piece);
            known = pieces.size() - 1;
        }
        return known;
    }

    @Override
    public synchronized byte[] bytes(int token) {
        return token < CONTROL.size() ? new byte[0] : pieces.get(token).getBytes(StandardCharsets.UTF_8);
    }

    /// The tokens as text, as a model's reader would see it: without the first space.
    public String text(int[] tokens) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int token : tokens) {
            bytes.writeBytes(bytes(token));
        }
        String text = bytes.toString(StandardCharsets.UTF_8);
        return text.startsWith(" ") ? text.substring(1) : text;
    }

    @Override
    public OptionalInt controlToken(String piece) {
        int index = CONTROL.indexOf(piece);
        return index < 0 ? OptionalInt.empty() : OptionalInt.of(index);
    }

    @Override
    public synchronized String piece(int token) {
        return pieces.get(token);
    }

    @Override
    public boolean addsSpacePrefix() {
        return true;
    }

    @Override
    public SpecialTokens specialTokens() {
        return new SpecialTokens(OptionalInt.of(BEGIN), true, Set.of(2, END));
    }
}
