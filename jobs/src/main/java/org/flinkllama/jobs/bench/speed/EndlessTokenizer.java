package org.flinkllama.jobs.bench.speed;

import java.util.OptionalInt;
import java.util.Set;
import org.flinkllama.model.tokenizer.SpecialTokens;
import org.flinkllama.model.tokenizer.Tokenizer;

/// A tokenizer without tokens that end a generation: every sequence is as long as it may be.
record EndlessTokenizer(Tokenizer tokenizer) implements Tokenizer {
    @Override
    public int vocabularySize() {
        return tokenizer.vocabularySize();
    }

    @Override
    public int[] encode(String text) {
        return tokenizer.encode(text);
    }

    @Override
    public byte[] bytes(int token) {
        return tokenizer.bytes(token);
    }

    @Override
    public OptionalInt controlToken(String piece) {
        return tokenizer.controlToken(piece);
    }

    @Override
    public String piece(int token) {
        return tokenizer.piece(token);
    }

    @Override
    public boolean addsSpacePrefix() {
        return tokenizer.addsSpacePrefix();
    }

    @Override
    public SpecialTokens specialTokens() {
        SpecialTokens special = tokenizer.specialTokens();
        return new SpecialTokens(special.beginningOfSequence(), special.addBeginningOfSequence(), Set.of());
    }
}
