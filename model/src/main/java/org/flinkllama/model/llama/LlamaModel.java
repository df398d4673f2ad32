package org.flinkllama.model.llama;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;
import org.flinkllama.model.cache.CacheShape;
import org.flinkllama.model.cache.PagePool;
import org.flinkllama.model.cache.PageTable;
import org.flinkllama.model.chat.ChatTemplate;
import org.flinkllama.model.chat.ChatTemplates;
import org.flinkllama.model.decoder.Batch;
import org.flinkllama.model.decoder.Decoder;
import org.flinkllama.model.gguf.GgufException;
import org.flinkllama.model.gguf.GgufFile;
import org.flinkllama.model.gguf.GgufMetadata;
import org.flinkllama.model.kernel.simd.SimdKernel;
import org.flinkllama.model.tokenizer.Tokenizer;
import org.flinkllama.model.tokenizer.TokenizerException;
import org.flinkllama.model.tokenizer.Tokenizers;

/// A Llama on a mapped file: weights, tokenizer and chat template, shared by any number of decoders. Safe for use
/// by many threads. Must be closed after its decoders.
public final class LlamaModel implements AutoCloseable {
    private static final int LOGITS_CHUNK = 32;

    private final Arena arena;
    private final Path path;
    private final GgufFile file;
    private final LlamaShape shape;
    private final Tokenizer tokenizer;
    private final LlamaWeights stored;
    private final RotaryFrequencies rotaryFrequencies;
    private final Optional<KernelWarmUp> warmUp;
    private LlamaWeights weights;
    private String sha256;

    private LlamaModel(Arena arena, Path path, WarmUps warmUps) throws IOException {
        this.arena = arena;
        this.path = path;
        this.file = GgufFile.open(path, arena);
        this.shape = LlamaShape.read(file.metadata());
        this.stored = LlamaWeights.read(file, shape, Tokenizers.vocabularySize(file.metadata()));
        this.rotaryFrequencies = RotaryFrequencies.read(file.metadata(), shape, LlamaWeights.rotaryFactors(file));
        this.warmUp = warmUps.begin(shape, stored);
        this.tokenizer = tokenizer(file.metadata());
    }

    /// Begins to prepare the kernels for a model, or does without.
    private interface WarmUps {
        Optional<KernelWarmUp> begin(LlamaShape shape, LlamaWeights stored);
    }

    private Tokenizer tokenizer(GgufMetadata metadata) {
        try {
            return Tokenizers.of(metadata);
        } catch (RuntimeException refused) {
            warmUp.ifPresent(KernelWarmUp::close);
            throw refused;
        }
    }

    /// Maps and checks a model file.
    ///
    /// @throws GgufException if the file can't be used; the sentence says why and what to do
    public static LlamaModel open(Path path) throws IOException {
        return open(path, (shape, stored) -> Optional.empty());
    }

    /// As [#open(Path)], for a process that is to compute with the model: begins to have the kernels compiled that it
    /// needs, in the background. The first decoder waits for them, so that its first step is fast.
    public static LlamaModel openWarm(Path path) throws IOException {
        return open(path, KernelWarmUp::begin);
    }

    private static LlamaModel open(Path path, WarmUps warmUps) throws IOException {
        Arena arena = Arena.ofShared();
        try {
            return new LlamaModel(arena, path, warmUps);
        } catch (GgufException | TokenizerException refused) {
            arena.close();
            throw named(path, refused);
        } catch (IOException | RuntimeException refused) {
            arena.close();
            throw refused;
        }
    }

    /// The refusal with the file's name in it.
    private static GgufException named(Path path, RuntimeException refused) {
        String name = String.valueOf(path.getFileName());
        String message = refused.getMessage();
        return new GgufException(message.contains(name) ? message : name + ": " + message, refused);
    }

    /// The name in the file's metadata, or the file's own.
    public String name() {
        return metadata().string("general.name").filter(name -> !name.isBlank()).orElseGet(() -> path.getFileName()
                .toString());
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

    /// Bytes of native memory that repacked weights take beside the file, from the first decoder on.
    public long repackedBytes() {
        return RepackedWeights.bytes(stored);
    }

    /// A decoder over this model's weights.
    ///
    /// @param tokens  tokens of a step at most
    /// @param threads workers, the caller included
    public Decoder newDecoder(int tokens, int threads) {
        weights(); // repacked while the compiler works
        warmUp.ifPresent(KernelWarmUp::await);
        return new LlamaDecoder(this, tokens, threads, SimdKernel::new);
    }

    /// Computes a sequence of tokens alone and hands out the logits of every position, or of the last one, in
    /// order.
    ///
    /// @param threads that compute, the caller's included
    /// @param row     reads an array of one position's logits, which is not used again
    public void logits(int[] tokens, boolean everyPosition, int threads, Consumer<float[]> row) {
        if (tokens.length == 0 || tokens.length > contextLength()) {
            throw new IllegalArgumentException("There are " + tokens.length + " tokens; expected 1 to "
                    + contextLength() + ", the model's context.");
        }
        for (int token : tokens) {
            if (token < 0 || token >= tokenizer.vocabularySize()) {
                throw new IllegalArgumentException("Token id " + token + " is not in the vocabulary; expected 0 to "
                        + (tokenizer.vocabularySize() - 1) + ".");
            }
        }
        try (Decoder decoder = newDecoder(LOGITS_CHUNK, threads)) {
            PageTable pages = new PageTable(new PagePool(shape.cacheShape(), CacheShape.pages(tokens.length)));
            pages.reserve(tokens.length);
            Batch batch = new Batch(LOGITS_CHUNK);
            for (int start = 0; start < tokens.length; start += LOGITS_CHUNK) {
                batch.clear();
                int end = Math.min(tokens.length, start + LOGITS_CHUNK);
                for (int i = start; i < end; i++) {
                    batch.add(tokens[i], i, pages, everyPosition || i == tokens.length - 1);
                }
                float[] logits = decoder.decode(batch);
                int width = decoder.vocabularySize();
                for (int i = 0; i < batch.logitRows(); i++) {
                    row.accept(Arrays.copyOfRange(logits, i * width, (i + 1) * width));
                }
            }
        }
    }

    /// The tensors, repacked where that pays. The first call repacks them, the others share the result.
    synchronized LlamaWeights weights() {
        if (weights == null) {
            weights = new RepackedWeights(arena).of(stored);
        }
        return weights;
    }

    RotaryFrequencies rotaryFrequencies() {
        return rotaryFrequencies;
    }

    @Override
    public void close() {
        try {
            warmUp.ifPresent(KernelWarmUp::close);
        } finally {
            arena.close();
        }
    }
}
