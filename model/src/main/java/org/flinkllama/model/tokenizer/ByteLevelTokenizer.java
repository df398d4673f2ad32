package org.flinkllama.model.tokenizer;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import org.flinkllama.model.gguf.GgufMetadata;

/// Byte-level BPE as GPT-2 introduced it: text is cut into stretches, each stretch's bytes merge in the order of
/// the file's merges. The vocabulary spells every byte as a printable character. A byte that it can't spell at all
/// is left out, as in the libraries that models are trained with.
final class ByteLevelTokenizer implements Tokenizer {
    private static final String PRE = "tokenizer.ggml.pre";
    private static final String MERGES = "tokenizer.ggml.merges";
    private static final int NO_TOKEN = -1;
    private static final char[] SPELLING = spellings(); // [byte]
    private static final int[] BYTES = bytesBySpelling(SPELLING); // [character], -1 where it spells none

    private final Vocabulary vocabulary;
    private final SpecialTokens specialTokens;
    private final PreTokenizer preTokenizer;
    private final Merges merges;
    private final int[] bytes; // [byte]
    private final Map<String, Integer> stretches;
    private final int longestStretch;

    ByteLevelTokenizer(GgufMetadata metadata) {
        preTokenizer = preTokenizer(metadata.string(PRE).orElse("default"));
        boolean llama3 = preTokenizer == PreTokenizer.LLAMA3;
        vocabulary = new Vocabulary(metadata, ByteLevelTokenizer::bytesOf);
        specialTokens = SpecialTokens.read(metadata, vocabulary, llama3);
        merges = merges(Vocabulary.required(MERGES, metadata.strings(MERGES)), vocabulary);
        bytes = new int[256];
        Arrays.setAll(
                bytes, value -> vocabulary.mergeable().getOrDefault(Character.toString(SPELLING[value]), NO_TOKEN));
        stretches = llama3 ? stretches(vocabulary) : Map.of();
        longestStretch =
                stretches.keySet().stream().mapToInt(String::length).max().orElse(0);
    }

    private static PreTokenizer preTokenizer(String name) {
        return PreTokenizer.named(name)
                .orElseThrow(() -> new TokenizerException("Metadata '" + PRE + "' is '" + name + "'; supported: "
                        + PreTokenizer.names() + ". Use a model whose vocabulary is one of these."));
    }

    private static char[] spellings() {
        char[] spellings = new char[256];
        char next = 256;
        for (int value = 0; value < 256; value++) {
            boolean printable = value > ' ' && value < 0x7F || value > 0xA0 && value != 0xAD;
            spellings[value] = printable ? (char) value : next++;
        }
        return spellings;
    }

    private static int[] bytesBySpelling(char[] spellings) {
        int[] bytes = new int[512];
        Arrays.fill(bytes, NO_TOKEN);
        for (int value = 0; value < 256; value++) {
            bytes[spellings[value]] = value;
        }
        return bytes;
    }

    // A piece with a character that spells no byte, such as an added token with a space, stands for its own text.
    private static byte[] bytesOf(String piece) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(piece.length());
        for (int at = 0; at < piece.length(); at++) {
            char spelling = piece.charAt(at);
            if (spelling >= BYTES.length || BYTES[spelling] == NO_TOKEN) {
                return piece.getBytes(StandardCharsets.UTF_8);
            }
            bytes.write(BYTES[spelling]);
        }
        return bytes.toByteArray();
    }

    private static Merges merges(String[] lines, Vocabulary vocabulary) {
        if (lines.length > Vocabulary.MAX_TOKENS) {
            throw new TokenizerException("Metadata '" + MERGES + "' has " + lines.length + " merges; expected at most "
                    + Vocabulary.MAX_TOKENS + ". The file is damaged; convert or download it again.");
        }
        Map<String, Integer> pieces = vocabulary.mergeable();
        Merges.Builder merges = new Merges.Builder();
        for (int rank = 0; rank < lines.length; rank++) {
            String line = lines[rank];
            int space = line.indexOf(' ');
            if (space < 1 || space == line.length() - 1 || space != line.lastIndexOf(' ')) {
                throw new TokenizerException("Merge " + rank + " in '" + MERGES + "' is '" + line
                        + "'; expected two pieces with one space between.");
            }
            String left = line.substring(0, space);
            String right = line.substring(space + 1);
            merges.add(token(pieces, left, rank), token(pieces, right, rank), rank, token(pieces, left + right, rank));
        }
        return merges.build();
    }

    private static int token(Map<String, Integer> pieces, String piece, int rank) {
        Integer token = pieces.get(piece);
        if (token == null) {
            throw new TokenizerException("Merge " + rank + " in '" + MERGES + "' needs the piece '" + piece
                    + "', which is no normal piece in '" + Vocabulary.TOKENS
                    + "'. The file is damaged; convert or download it again.");
        }
        return token;
    }

    // Keys are the bytes of the pieces, a character for each.
    private static Map<String, Integer> stretches(Vocabulary vocabulary) {
        Map<String, Integer> stretches = HashMap.newHashMap(vocabulary.size());
        vocabulary.mergeable().forEach((piece, token) -> {
            stretches.put(new String(vocabulary.bytes(token), StandardCharsets.ISO_8859_1), token);
        });
        return stretches;
    }

    @Override
    public int[] encode(String text) {
        String data = Utf8.wellFormed(text);
        byte[] utf8 = data.getBytes(StandardCharsets.UTF_8);
        int[] symbols = new int[utf8.length];
        int end = 0;
        int from = 0;
        for (int start = 0; start < data.length(); ) {
            int stop = preTokenizer.end(data, start);
            int to = from + Utf8.length(data, start, stop);
            end = append(symbols, end, utf8, from, to);
            start = stop;
            from = to;
        }
        return Arrays.copyOf(symbols, end);
    }

    private int append(int[] symbols, int end, byte[] utf8, int from, int to) {
        if (to - from <= longestStretch) {
            Integer whole = stretches.get(new String(utf8, from, to - from, StandardCharsets.ISO_8859_1));
            if (whole != null) {
                symbols[end] = whole;
                return end + 1;
            }
        }
        int last = end;
        for (int at = from; at < to; at++) {
            int token = bytes[utf8[at] & 0xFF];
            if (token != NO_TOKEN) {
                symbols[last++] = token;
            }
        }
        return merges.merge(symbols, end, last);
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
        return false;
    }

    @Override
    public SpecialTokens specialTokens() {
        return specialTokens;
    }
}
