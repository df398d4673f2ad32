package org.flinkllama.model.llama;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Optional;
import org.flinkllama.model.chat.ChatTemplate;
import org.flinkllama.model.chat.ChatTemplates;
import org.flinkllama.model.decoder.Decoder;
import org.flinkllama.model.gguf.GgufException;
import org.flinkllama.model.gguf.GgufFile;
import org.flinkllama.model.gguf.GgufMetadata;
import org.flinkllama.model.kernel.simd.SimdKernel;
import org.flinkllama.model.tokenizer.Tokenizer;
import org.flinkllama.model.tokenizer.Tokenizers;

/// A Llama on a mapped file: weights, tokenizer and chat template, shared by any number of decoders. Safe for use by many
/// threads. Must be closed after its decoders.
public final class LlamaModel implements AutoCloseable {
    private final Arena arena;
    private final Path path;
    private final GgufFile file;
    private final LlamaShape shape;
    private final Tokenizer tokenizer;
    private final LlamaWeights weights;
    private final RotaryFrequencies rotaryFrequencies;
    private String sha256;

    private LlamaModel(Arena arena, Path path) throws IOException {
        this.arena = arena;
        this.path = path;
        this.file = GgufFile.open(path, arena);
        this.shape = LlamaShape.read(file.metadata());
        this.tokenizer = Tokenizers.of(file.metadata());
        this.weights = LlamaWeights.read(file, shape, tokenizer.vocabularySize());
        this.rotaryFrequencies =
                RotaryFrequencies.read(file.metadata(), shape, LlamaWeights.rotaryFactors(file));
    }

    /// Maps and checks a model file.
    ///
    /// @throws GgufException if the file can't be used; the sentence says why and what to do
    public static LlamaModel open(Path path) throws IOException {
        Arena arena = Arena.ofShared();
        try {
            return new LlamaModel(arena, path);
        } catch (IOException | RuntimeException refused) {
            arena.close();
            throw refused;
        }
    }

    /// The name in the file's metadata, or the file's own.
    public String name() {
        return metadata()
                .string("general.name")
                .filter(name -> !name.isBlank())
                .orElseGet(() -> path.getFileName().toString());
    }

    /// SHA-256 of the file, 64 hexadecimal digits. Reads the whole file at the first call.
    public synchronized String sha256() throws IOException {
        if (sha256 == null) {
            sha256 = GgufFile.sha256(path);
        }
        return sha256;
    }

    public Path path() {
        return path;
    }

    public GgufFile file() {
        return file;
    }

    public GgufMetadata metadata() {
        return file.metadata();
    }

    public LlamaShape shape() {
        return shape;
    }

    public Tokenizer tokenizer() {
        return tokenizer;
    }

    /// The template that the file's own was recognised as; empty where it is none that this project knows.
    public Optional<ChatTemplate> chatTemplate() {
        return ChatTemplates.detect(metadata());
    }

    /// Positions that the model was trained for.
    public int contextLength() {
        return shape.contextLength();
    }

    /// A decoder over this model's weights.
    ///
    /// @param tokens  tokens of a step at most
    /// @param threads workers, the caller included
    public Decoder newDecoder(int tokens, int threads) {
        return new LlamaDecoder(this, tokens, threads, SimdKernel::new);
    }

    LlamaWeights weights() {
        return weights;
    }

    RotaryFrequencies rotaryFrequencies() {
        return rotaryFrequencies;
    }

    @Override
    public void close() {
        arena.close();
    }
}
