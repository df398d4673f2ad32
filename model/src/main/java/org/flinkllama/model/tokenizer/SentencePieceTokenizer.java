package org.flinkllama.model.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import org.flinkllama.model.gguf.GgufMetadata;

/// SentencePiece's BPE: of all neighbouring pieces whose joined text is a piece, those of the highest score merge
/// first. A space is spelt U+2581 in the vocabulary, and U+2581 in a text reads as a space. A character without a
/// piece becomes its UTF-8 bytes, or the unknown token where those have no tokens either.
final class SentencePieceTokenizer implements Tokenizer {
    private static final String SCORES = "tokenizer.ggml.scores";
    private static final char SPACE_MARK = '\u2581';
    private static final int NO_TOKEN = -1;
    // Bounds the work of taking pieces apart; real vocabularies stay below 10 million.
    private static final long MAX_SPLIT_WORK = 1L << 30;

    private final Vocabulary vocabulary;
    private final SpecialTokens specialTokens;
    private final boolean spacePrefix;
    private final Merges merges;
    private final int[] ascii; // [character]
    private final Map<Integer, Integer> characters; // those beyond ASCII
    private final int[] bytes; // [byte]
    private final int unknown;
    private final boolean wordsAreSeparate;

    SentencePieceTokenizer(GgufMetadata metadata) {
        vocabulary = new Vocabulary(metadata, SentencePieceTokenizer::spelling);
        specialTokens = SpecialTokens.read(metadata, vocabulary, true);
        spacePrefix = metadata.bool("tokenizer.ggml.add_space_prefix").orElse(true);
        merges = merges(vocabulary, scoreRanks(metadata, vocabulary.size()));
        characters = characters(vocabulary);
        ascii = new int[128];
        Arrays.setAll(ascii, character -> characters.getOrDefault(character, NO_TOKEN));
        ascii[' '] = characters.getOrDefault((int) SPACE_MARK, NO_TOKEN);
        bytes = vocabulary.byteTokens();
        unknown = unknown(vocabulary);
        wordsAreSeparate = vocabulary.mergeable().keySet().stream().noneMatch(SentencePieceTokenizer::spansWords);
    }

    private static byte[] spelling(String piece) {
        return piece.replace(SPACE_MARK, ' ').getBytes(StandardCharsets.UTF_8);
    }

    // True where a space stands behind another character: then merges may cross from word to word.
    private static boolean spansWords(String piece) {
        int lastMark = piece.lastIndexOf(SPACE_MARK);
        return piece.chars().limit(Math.max(0, lastMark)).anyMatch(unit -> unit != SPACE_MARK);
    }

    // [token]; a higher score gives a lower rank, equal scores the same
    private static int[] scoreRanks(GgufMetadata metadata, int tokens) {
        double[] scores = Vocabulary.required(SCORES, metadata.decimals(SCORES));
        Vocabulary.sameLength(SCORES, scores.length, tokens);
        double[] ascending = Arrays.stream(scores).sorted().distinct().toArray();
        int[] ranks = new int[tokens];
        for (int token = 0; token < tokens; token++) {
            if (Double.isNaN(scores[token])) {
                throw new TokenizerException("Token " + token + " has score NaN in '" + SCORES
                        + "'; expected a number. The file is damaged; convert or download it again.");
            }
            ranks[token] = ascending.length - 1 - Arrays.binarySearch(ascending, scores[token]);
        }
        return ranks;
    }

    private static Merges merges(Vocabulary vocabulary, int[] scoreRanks) {
        Map<String, Integer> pieces = vocabulary.mergeable();
        long work = pieces.keySet().stream()
                .mapToLong(piece -> (long) piece.length() * piece.length())
                .sum();
        if (work > MAX_SPLIT_WORK) {
            throw new TokenizerException("The pieces in '" + Vocabulary.TOKENS + "' are too long to take apart: the "
                    + "squares of their lengths sum to " + work + "; expected at most " + MAX_SPLIT_WORK
                    + ". The file is damaged; convert or download it again.");
        }
        Merges.Builder merges = new Merges.Builder();
        pieces.forEach((piece, token) -> {
            for (int split = 1; split < piece.length(); split++) {
                Integer left = pieces.get(piece.substring(0, split));
                Integer right = left == null ? null : pieces.get(piece.substring(split));
                if (right != null) {
                    merges.add(left, right, scoreRanks[token], token);
                }
            }
        });
        return merges.build();
    }

    private static Map<Integer, Integer> characters(Vocabulary vocabulary) {
        Map<Integer, Integer> characters = new HashMap<>();
        vocabulary.mergeable().forEach((piece, token) -> {
            if (!piece.isEmpty() && Character.charCount(piece.codePointAt(0)) == piece.length()) {
                characters.put(piece.codePointAt(0), token);
            }
        });
        return characters;
    }

    private static int unknown(Vocabulary vocabulary) {
        for (int token = 0; token < vocabulary.size(); token++) {
            if (vocabulary.type(token) == Vocabulary.Type.UNKNOWN) {
                return token;
            }
        }
        return NO_TOKEN;
    }

    @Override
    public int[] encode(String text) {
        if (text.isEmpty()) {
            return new int[0];
        }
        String data = Utf8.wellFormed(text);
        int[] symbols = new int[Math.addExact(1, Utf8.length(data, 0, data.length()))];
        int merged = 0;
        int end = spacePrefix ? append(symbols, 0, ' ') : 0;
        boolean afterSpace = spacePrefix;
        for (int at = 0; at < data.length(); ) {
            int character = data.codePointAt(at);
            at += Character.charCount(character);
            boolean space = character == ' ' || character == SPACE_MARK;
            if (wordsAreSeparate && space && !afterSpace) {
                merged = merges.merge(symbols, merged, end);
                end = merged;
            }
            afterSpace = space;
            end = append(symbols, end, character);
        }
        return Arrays.copyOf(symbols, merges.merge(symbols, merged, end));
    }

    private int append(int[] symbols, int end, int character) {
        int token = character < ascii.length ? ascii[character] : characters.getOrDefault(character, NO_TOKEN);
        if (token != NO_TOKEN) {
            symbols[end] = token;
            return end + 1;
        }
        int length = Utf8.length(character);
        for (int index = 0; index < length; index++) {
            symbols[end + index] = bytes[Utf8.at(character, index) & 0xFF];
            if (symbols[end + index] == NO_TOKEN) {
                symbols[end] = unknown;
                return unknown == NO_TOKEN ? end : end + 1;
            }
        }
        return end + length;
    }

    @Override
    public int vocabularySize() {
        return vocabulary.size();
    }

    @Override
    public byte[] bytes(int token) {
        return vocabulary.bytes(token);
    }

    @Override
    public OptionalInt controlToken(String piece) {
        return vocabulary.control(piece);
    }

    @Override
    public String piece(int token) {
        return vocabulary.piece(token);
    }

    @Override
    public boolean addsSpacePrefix() {
        return spacePrefix;
    }

    @Override
    public SpecialTokens specialTokens() {
        return specialTokens;
    }
}
