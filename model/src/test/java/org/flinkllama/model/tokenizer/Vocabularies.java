package org.flinkllama.model.tokenizer;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.flinkllama.model.gguf.GgufMetadata;

/// Small vocabularies for tests, as a model file's metadata would have them.
public final class Vocabularies {
    public static final long NORMAL = 1;
    public static final long UNKNOWN = 2;
    public static final long CONTROL = 3;
    public static final long USER_DEFINED = 4;
    public static final long BYTE = 6;

    private static final Pattern ESCAPE = Pattern.compile("\\\\(u[0-9a-f]{4}|.)");

    private final List<String> pieces = new ArrayList<>();
    private final List<Long> types = new ArrayList<>();
    private final List<Double> scores = new ArrayList<>();
    private final List<String> merges = new ArrayList<>();
    private final Map<String, Object> values = new HashMap<>();

    private Vocabularies() {}

    /// A text and the numbers that belong to it.
    record Case(String text, int[] numbers) {}

    /// An empty SentencePiece vocabulary.
    public static Vocabularies sentencePiece() {
        return new Vocabularies().with("tokenizer.ggml.model", "llama");
    }

    /// A SentencePiece vocabulary of `<unk>`, `<s>`, `</s>` and the 256 bytes.
    public static Vocabularies sentencePieceOfBytes() {
        Vocabularies vocabulary = sentencePiece()
                .piece("<unk>", UNKNOWN, 0)
                .piece("<s>", CONTROL, 0)
                .piece("</s>", CONTROL, 0)
                .with("tokenizer.ggml.bos_token_id", 1L)
                .with("tokenizer.ggml.eos_token_id", 2L);
        for (int value = 0; value < 256; value++) {
            vocabulary.piece("<0x%02X>".formatted(value), BYTE, 0);
        }
        return vocabulary;
    }

    /// A byte-level vocabulary of the 256 bytes; ids are the bytes.
    public static Vocabularies byteLevel(String preTokenizer) {
        Vocabularies vocabulary =
                new Vocabularies().with("tokenizer.ggml.model", "gpt2").with("tokenizer.ggml.pre", preTokenizer);
        char spelling = 256;
        for (int value = 0; value < 256; value++) {
            boolean printable = value > ' ' && value < 0x7F || value > 0xA0 && value != 0xAD;
            vocabulary.piece(Character.toString(printable ? (char) value : spelling++), NORMAL, 0);
        }
        return vocabulary;
    }

    /// The 512 pieces of a small model trained on stories.
    public static Vocabularies stories() {
        Vocabularies vocabulary =
                sentencePiece().with("tokenizer.ggml.bos_token_id", 1L).with("tokenizer.ggml.eos_token_id", 2L);
        for (String line : lines("stories260k.txt")) {
            String[] parts = line.split("\t");
            vocabulary.piece(parts[1], Long.parseLong(parts[0]), Double.parseDouble(parts[2]));
        }
        return vocabulary;
    }

    /// Some 700 pieces of SmolLM2's vocabulary.
    public static Vocabularies smolLm2() {
        Vocabularies vocabulary =
                new Vocabularies().with("tokenizer.ggml.model", "gpt2").with("tokenizer.ggml.pre", "smollm");
        for (String line : lines("smollm2-pruned.txt")) {
            String[] parts = line.split("\t");
            if (parts[0].equals("merge")) {
                vocabulary.merge(parts[1]);
            } else {
                vocabulary.piece(parts[1], Long.parseLong(parts[0]), 0);
            }
        }
        return vocabulary.with("tokenizer.ggml.add_bos_token", false);
    }

    /// The cases of a golden file.
    static List<Case> cases(String name) {
        return lines(name).stream()
                .map(line -> line.split("\t", -1))
                .map(parts -> new Case(unescaped(parts[0]), numbers(parts[1])))
                .toList();
    }

    private static int[] numbers(String words) {
        return Arrays.stream(words.split(" "))
                .filter(word -> !word.isEmpty())
                .mapToInt(Integer::parseInt)
                .toArray();
    }

    private static String unescaped(String json) {
        return ESCAPE.matcher(json.substring(1, json.length() - 1)).replaceAll(match -> {
            String escape = match.group(1);
            String character = escape.length() > 1
                    ? Character.toString((char) Integer.parseInt(escape.substring(1), 16))
                    : ("\\" + escape).translateEscapes();
            return Matcher.quoteReplacement(character);
        });
    }

    private static List<String> lines(String name) {
        try (InputStream file = Vocabularies.class.getResourceAsStream(name)) {
            return List.of(new String(file.readAllBytes(), StandardCharsets.UTF_8).split("\n"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Vocabularies piece(String piece, long type, double score) {
        pieces.add(piece);
        types.add(type);
        scores.add(score);
        return this;
    }

    public Vocabularies control(String piece) {
        return piece(piece, CONTROL, 0);
    }

    /// A merge, and the piece that it makes.
    public Vocabularies merged(String left, String right) {
        return merge(left + " " + right).piece(left + right, NORMAL, 0);
    }

    public Vocabularies merge(String line) {
        merges.add(line);
        return this;
    }

    public Vocabularies with(String key, Object value) {
        values.put(key, value);
        return this;
    }

    public Map<String, Object> values() {
        Map<String, Object> all = new HashMap<>();
        all.put("tokenizer.ggml.tokens", pieces.toArray(String[]::new));
        all.put(
                "tokenizer.ggml.token_type",
                types.stream().mapToLong(Long::longValue).toArray());
        all.put(
                "tokenizer.ggml.scores",
                scores.stream().mapToDouble(Double::doubleValue).toArray());
        all.put("tokenizer.ggml.merges", merges.toArray(String[]::new));
        all.putAll(values);
        return all;
    }

    public GgufMetadata metadata() {
        return new GgufMetadata(values());
    }

    public Tokenizer tokenizer() {
        return Tokenizers.of(metadata());
    }
}
