package org.flinkllama.model.synthetic;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// A SentencePiece vocabulary with byte fallback, of any size from 288: the special tokens of the bundled model, 256
/// bytes, letters with and without a leading space, some English pieces, then made-up words of growing length.
final class SyntheticVocabulary {
    static final int SMALLEST = 6 + 256 + 26;

    private static final List<String> SPECIAL = List.of("<unk>", "<s>", "</s>", "<|user|>", "<|assistant|>", "<|end|>");
    private static final String SPACE = "▁";
    private static final String LETTERS = "etaoinshrdlcumwfgypbvkxqjz";
    private static final List<String> ENGLISH =
            List.of(SPACE, "th", "he", "in", "er", "an", "re", "on", SPACE + "t", SPACE + "a", SPACE + "the");

    private static final long UNKNOWN = 2;
    private static final long CONTROL = 3;
    private static final long BYTE = 6;
    private static final long NORMAL = 1;

    /// One turn as the bundled model writes it.
    private static final String CHAT_TEMPLATE = "{{ bos_token }}{% for m in messages %}"
            + "{% if m['role'] == 'assistant' %}<|assistant|>{{ m['content'] }}<|end|>"
            + "{% else %}<|user|>{{ m['content'] }}<|end|>{% endif %}{% endfor %}"
            + "{% if add_generation_prompt %}<|assistant|>{% endif %}";

    private SyntheticVocabulary() {}

    /// The metadata of a tokenizer of `size` tokens.
    static Map<String, Object> metadata(int size) {
        if (size < SMALLEST) {
            throw new IllegalArgumentException(
                    "A vocabulary of " + size + " tokens was asked for; expected at least " + SMALLEST + ".");
        }
        String[] tokens = tokens(size);
        double[] scores = new double[size];
        long[] types = new long[size];
        for (int token = 0; token < size; token++) {
            int piece = token - SPECIAL.size() - 256;
            scores[token] = Math.min(0, -piece);
            types[token] = piece >= 0 ? NORMAL : piece >= -256 ? BYTE : token == 0 ? UNKNOWN : CONTROL;
        }
        Map<String, Object> metadata = new LinkedHashMap<>();
        metadata.put("tokenizer.ggml.model", "llama");
        metadata.put("tokenizer.ggml.tokens", tokens);
        metadata.put("tokenizer.ggml.scores", scores);
        metadata.put("tokenizer.ggml.token_type", types);
        metadata.put("tokenizer.ggml.bos_token_id", (long) SPECIAL.indexOf("<s>"));
        metadata.put("tokenizer.ggml.eos_token_id", (long) SPECIAL.indexOf("<|end|>"));
        metadata.put("tokenizer.ggml.unknown_token_id", (long) SPECIAL.indexOf("<unk>"));
        metadata.put("tokenizer.ggml.add_bos_token", true);
        metadata.put("tokenizer.ggml.add_space_prefix", true);
        metadata.put("tokenizer.chat_template", CHAT_TEMPLATE);
        return metadata;
    }

    private static String[] tokens(int size) {
        Set<String> tokens = new LinkedHashSet<>(SPECIAL);
        for (int value = 0; value < 256; value++) {
            tokens.add("<0x%02X>".formatted(value));
        }
        LETTERS.chars().forEach(letter -> tokens.add(Character.toString(letter)));
        tokens.addAll(ENGLISH);
        for (int word = 0; tokens.size() < size; word++) {
            tokens.add(SPACE + word(word));
            tokens.add(word(word));
        }
        return tokens.stream().limit(size).toArray(String[]::new);
    }

    /// The words a, b, … aa, ab, … in order of length, in an alphabet of letters by frequency. Every word but a letter
    /// is a shorter word and a letter, so that merging pieces can reach it.
    private static String word(int index) {
        StringBuilder word = new StringBuilder();
        for (int rest = index; rest >= 0; rest = rest / LETTERS.length() - 1) {
            word.append(LETTERS.charAt(rest % LETTERS.length()));
        }
        return word.reverse().toString();
    }
}
