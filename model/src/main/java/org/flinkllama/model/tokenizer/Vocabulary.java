package org.flinkllama.model.tokenizer;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import org.flinkllama.model.gguf.GgufMetadata;

/// The pieces of a model file, checked: what each token id is spelt as, what kind it is, which bytes it stands for.
final class Vocabulary {
    static final int MAX_TOKENS = 1 << 21;
    static final int MAX_PIECE_LENGTH = 2_048;
    static final String TOKENS = "tokenizer.ggml.tokens";
    static final String TYPES = "tokenizer.ggml.token_type";

    /// Kinds of token, in the order of their numbers in a file, which begin at 1.
    enum Type {
        NORMAL,
        UNKNOWN,
        CONTROL,
        USER_DEFINED,
        UNUSED,
        BYTE
    }

    private static final Type[] TYPES_BY_NUMBER = Type.values();
    private static final byte[] NO_BYTES = {};

    private final String[] pieces;
    private final Type[] types;
    private final byte[][] bytes; // [token]
    private final Map<String, Integer> controls;
    private final Map<String, Integer> mergeable;

    /// @param spelling the bytes that a normal piece stands for
    Vocabulary(GgufMetadata metadata, Function<String, byte[]> spelling) {
        pieces = checkedPieces(required(TOKENS, metadata.strings(TOKENS)));
        types = checkedTypes(required(TYPES, metadata.integers(TYPES)), pieces.length);
        bytes = new byte[pieces.length][];
        controls = new HashMap<>();
        mergeable = HashMap.newHashMap(pieces.length);
        for (int token = 0; token < pieces.length; token++) {
            bytes[token] = switch (types[token]) {
                case UNKNOWN, CONTROL -> NO_BYTES;
                case BYTE -> new byte[] {byteOf(token)};
                case NORMAL, USER_DEFINED, UNUSED -> spelling.apply(pieces[token]);
            };
            switch (types[token]) {
                case CONTROL, USER_DEFINED -> controls.put(pieces[token], token);
                case NORMAL, UNUSED -> mergeable.put(pieces[token], token);
                case UNKNOWN, BYTE -> {}
            }
        }
    }

    private static String[] checkedPieces(String[] pieces) {
        if (pieces.length == 0 || pieces.length > MAX_TOKENS) {
            throw new TokenizerException("Metadata '" + TOKENS + "' has " + pieces.length + " pieces; expected 1 to "
                    + MAX_TOKENS + ". The file is damaged; convert or download it again.");
        }
        for (int token = 0; token < pieces.length; token++) {
            if (pieces[token].length() > MAX_PIECE_LENGTH) {
                throw new TokenizerException("Token " + token + " in '" + TOKENS + "' is " + pieces[token].length()
                        + " characters long; expected at most " + MAX_PIECE_LENGTH
                        + ". The file is damaged; convert or download it again.");
            }
        }
        return pieces;
    }

    private static Type[] checkedTypes(long[] numbers, int tokens) {
        sameLength(TYPES, numbers.length, tokens);
        Type[] types = new Type[tokens];
        for (int token = 0; token < tokens; token++) {
            if (numbers[token] < 1 || numbers[token] > TYPES_BY_NUMBER.length) {
                throw new TokenizerException("Token " + token + " has type " + numbers[token] + " in '" + TYPES
                        + "'; expected 1 to " + TYPES_BY_NUMBER.length + ".");
            }
            types[token] = TYPES_BY_NUMBER[(int) numbers[token] - 1];
        }
        return types;
    }

    private byte byteOf(int token) {
        String piece = pieces[token];
        boolean wellFormed = piece.length() == 6 && piece.startsWith("<0x") && piece.endsWith(">");
        int high = wellFormed ? Character.digit(piece.charAt(3), 16) : -1;
        int low = wellFormed ? Character.digit(piece.charAt(4), 16) : -1;
        if (high < 0 || low < 0) {
            throw new TokenizerException("Token " + token + " is a byte and is spelt '" + piece
                    + "'; expected a spelling such as '<0x0A>'.");
        }
        return (byte) (high << 4 | low);
    }

    /// The value of a key that a vocabulary can't do without.
    static <T> T required(String key, Optional<T> value) {
        return value.orElseThrow(() -> new TokenizerException("Metadata '" + key
                + "' is missing; the tokenizer needs it. The file is incomplete; convert or download it again."));
    }

    static void sameLength(String key, int length, int tokens) {
        if (length != tokens) {
            throw new TokenizerException("Metadata '" + key + "' has " + length + " entries and '" + TOKENS + "' has "
                    + tokens + "; expected one for each token. The file is damaged; convert or download it again.");
        }
    }

    int size() {
        return pieces.length;
    }

    String piece(int token) {
        return pieces[token];
    }

    Type type(int token) {
        return types[token];
    }

    byte[] bytes(int token) {
        return bytes[token].clone();
    }

    OptionalInt control(String piece) {
        Integer token = controls.get(piece);
        return token == null ? OptionalInt.empty() : OptionalInt.of(token);
    }

    /// Tokens that text may turn into, by piece.
    Map<String, Integer> mergeable() {
        return mergeable;
    }

    /// The token of each byte, -1 where the vocabulary has none; from tokens of the byte type.
    int[] byteTokens() {
        int[] tokens = new int[256];
        Arrays.fill(tokens, -1);
        for (int token = 0; token < types.length; token++) {
            if (types[token] == Type.BYTE) {
                tokens[bytes[token][0] & 0xFF] = token;
            }
        }
        return tokens;
    }
}
