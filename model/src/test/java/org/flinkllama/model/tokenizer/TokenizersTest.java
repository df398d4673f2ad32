package org.flinkllama.model.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.flinkllama.model.tokenizer.Vocabularies.BYTE;
import static org.flinkllama.model.tokenizer.Vocabularies.NORMAL;

import java.util.Map;
import org.flinkllama.model.gguf.GgufMetadata;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenizersTest {
    private static void assertRefused(Vocabularies vocabulary, String... words) {
        assertThatExceptionOfType(TokenizerException.class)
                .isThrownBy(vocabulary::tokenizer)
                .withMessageEndingWith(".")
                .satisfies(refusal -> assertThat(refusal.getMessage()).contains(words));
    }

    @ParameterizedTest
    @ValueSource(strings = {"tokens", "token_type", "scores"})
    void refusesASentencePieceVocabularyWithoutAnArray(String array) {
        assertRefusedWithout("tokenizer.ggml." + array, Vocabularies.sentencePieceOfBytes());
    }

    @ParameterizedTest
    @ValueSource(strings = {"tokens", "token_type", "merges"})
    void refusesAByteLevelVocabularyWithoutAnArray(String array) {
        assertRefusedWithout("tokenizer.ggml." + array, Vocabularies.byteLevel("gpt-2"));
    }

    private static void assertRefusedWithout(String key, Vocabularies vocabulary) {
        Map<String, Object> values = vocabulary.values();
        values.remove(key);
        assertThatExceptionOfType(TokenizerException.class)
                .isThrownBy(() -> Tokenizers.of(new GgufMetadata(values)))
                .withMessageContaining("'" + key + "' is missing");
    }

    @Test
    void refusesAMissingOrUnknownModelAndNamesTheSupportedOnes() {
        assertThatExceptionOfType(TokenizerException.class)
                .isThrownBy(() -> Tokenizers.of(new GgufMetadata(Map.of())))
                .withMessageContaining("'tokenizer.ggml.model' is missing");
        assertRefused(
                Vocabularies.sentencePiece().with("tokenizer.ggml.model", "bert"),
                "'bert'",
                "supported: llama",
                "gpt2");
    }

    @Test
    void refusesAnUnknownPreTokenizerAndNamesTheSupportedOnes() {
        assertRefused(Vocabularies.byteLevel("tekken"), "'tekken'", "gpt-2", "default", "smollm", "llama-bpe");
    }

    @Test
    void readsAMissingPreTokenizerAsGpt2() {
        Map<String, Object> values = Vocabularies.byteLevel("").values();
        values.remove("tokenizer.ggml.pre");

        assertThat(Tokenizers.of(new GgufMetadata(values)).encode("a")).containsExactly('a');
    }

    @Test
    void refusesArraysOfDifferentLengths() {
        assertRefused(
                Vocabularies.sentencePieceOfBytes().with("tokenizer.ggml.scores", new double[3]),
                "'tokenizer.ggml.scores' has 3 entries",
                "259");
        assertRefused(
                Vocabularies.byteLevel("gpt-2").with("tokenizer.ggml.token_type", new long[] {1}),
                "has 1 entries",
                "256");
    }

    @Test
    void refusesAnEmptyVocabularyAndAnEndlessPiece() {
        assertRefused(Vocabularies.sentencePiece(), "has 0 pieces");
        assertRefused(Vocabularies.sentencePieceOfBytes().piece("x".repeat(5_000), NORMAL, 0), "5000 characters long");
    }

    @Test
    void refusesPiecesThatWouldTakeForeverToTakeApart() {
        Vocabularies vocabulary = Vocabularies.sentencePieceOfBytes();
        for (int index = 0; index < 300; index++) {
            vocabulary.piece("x".repeat(2_000) + index, NORMAL, 0);
        }
        assertRefused(vocabulary, "too long to take apart");
    }

    @Test
    void refusesUnknownTypesBrokenBytesAndScoresThatAreNoNumbers() {
        assertRefused(Vocabularies.sentencePieceOfBytes().piece("x", 7, 0), "Token 259 has type 7");
        assertRefused(Vocabularies.sentencePieceOfBytes().piece("<0xZZ>", BYTE, 0), "'<0xZZ>'", "such as '<0x0A>'");
        assertRefused(Vocabularies.sentencePieceOfBytes().piece("x", NORMAL, Double.NaN), "Token 259 has score NaN");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ab", "a b c", " ab", "ab ", " ", "", "a  b"})
    void refusesAMergeThatDoesNotSplit(String line) {
        assertRefused(Vocabularies.byteLevel("gpt-2").merge(line), "Merge 0", "'" + line + "'", "one space");
    }

    @Test
    void refusesAMergeOfPiecesThatTheVocabularyLacks() {
        assertRefused(Vocabularies.byteLevel("gpt-2").merge("a b"), "Merge 0", "'ab'");
        assertRefused(Vocabularies.byteLevel("gpt-2").merge("a xy"), "Merge 0", "'xy'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"bos_token_id", "eos_token_id", "eot_token_id", "eom_token_id"})
    void refusesARoleForATokenOutsideTheVocabulary(String key) {
        assertRefused(
                Vocabularies.byteLevel("gpt-2").with("tokenizer.ggml." + key, 256L), key + "' is 256", "0 to 255");
    }

    @Test
    void refusesToAddABeginningThatIsNotNamed() {
        assertRefused(
                Vocabularies.byteLevel("gpt-2").with("tokenizer.ggml.add_bos_token", true), "bos_token_id' is missing");
    }

    @Test
    void addsTheBeginningByDefaultForSentencePieceAndLlama3Only() {
        assertThat(addsBeginning(Vocabularies.sentencePieceOfBytes())).isTrue();
        assertThat(addsBeginning(Vocabularies.sentencePieceOfBytes().with("tokenizer.ggml.add_bos_token", false)))
                .isFalse();
        assertThat(addsBeginning(Vocabularies.byteLevel("llama-bpe").with("tokenizer.ggml.bos_token_id", 0L)))
                .isTrue();
        assertThat(addsBeginning(Vocabularies.byteLevel("smollm").with("tokenizer.ggml.bos_token_id", 0L)))
                .isFalse();
        assertThat(addsBeginning(Vocabularies.byteLevel("llama-bpe"))).isFalse();
    }

    private static boolean addsBeginning(Vocabularies vocabulary) {
        return vocabulary.tokenizer().specialTokens().addBeginningOfSequence();
    }

    @Test
    void endsAGenerationAtEveryTokenKnownToEndOne() {
        SpecialTokens special = Vocabularies.byteLevel("llama-bpe")
                .control("<|eot_id|>")
                .control("<|eom_id|>")
                .piece("<|im_end|>", NORMAL, 0)
                .with("tokenizer.ggml.eos_token_id", 10L)
                .with("tokenizer.ggml.eot_token_id", 11L)
                .with("tokenizer.ggml.eom_token_id", 0xFFFF_FFFFL)
                .tokenizer()
                .specialTokens();

        assertThat(special.endOfGeneration()).containsExactlyInAnyOrder(10, 11, 256, 257);
    }

    @Test
    void findsTheBeginningByItsPieceWhereTheFileNamesNone() {
        SpecialTokens special = Vocabularies.sentencePiece()
                .piece("a", NORMAL, 0)
                .control("<s>")
                .tokenizer()
                .specialTokens();

        assertThat(special.beginningOfSequence()).hasValue(1);
        assertThat(special.addBeginningOfSequence()).isTrue();
    }
}
