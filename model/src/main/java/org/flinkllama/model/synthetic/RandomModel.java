package org.flinkllama.model.synthetic;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.flinkllama.model.gguf.GgufMetadata;
import org.flinkllama.model.gguf.GgufWriter;
import org.flinkllama.model.gguf.TensorPlan;
import org.flinkllama.model.llama.LlamaShape;
import org.flinkllama.model.tensor.RowEncoder;
import org.flinkllama.model.tensor.TensorType;

/// Writes a Llama of random weights with a small SentencePiece vocabulary. Weights of a matrix are normal with
/// deviation 1 / √columns, norms lie around 1; each row follows from the seed, its tensor's name and its number
/// alone. Rows go to the file as they are made: a model of billions of weights takes little memory.
///
/// Setters change this object and return it. Owned by one thread.
public final class RandomModel {
    private static final int BATCH_BYTES = 1 << 20;
    private static final String ROTARY_FACTORS = "rope_freqs.weight";
    private static final Object ABSENT = new Object();

    private final LlamaShape shape;
    private final int vocabulary;
    private final Map<String, Object> metadata = new LinkedHashMap<>();
    private final Map<String, TensorType> otherTypes = new LinkedHashMap<>();
    private TensorType type = TensorType.Q8_0;
    private boolean tied = true;
    private long seed = 1;
    private Optional<float[]> rotaryFactors = Optional.empty();

    /// A model with tied output in Q8_0.
    public RandomModel(LlamaShape shape, int vocabulary) {
        this.shape = shape;
        this.vocabulary = vocabulary;
        metadata.put("general.architecture", "llama");
        metadata.put("general.name", "random-llama");
        metadata.put("general.quantization_version", 2L);
        metadata.put("llama.block_count", (long) shape.layers());
        metadata.put("llama.context_length", (long) shape.contextLength());
        metadata.put("llama.embedding_length", (long) shape.width());
        metadata.put("llama.feed_forward_length", (long) shape.feedForward());
        metadata.put("llama.attention.head_count", (long) shape.heads());
        metadata.put("llama.attention.head_count_kv", (long) shape.keyValueHeads());
        metadata.put("llama.attention.key_length", (long) shape.headSize());
        metadata.put("llama.attention.value_length", (long) shape.headSize());
        metadata.put("llama.attention.layer_norm_rms_epsilon", (double) shape.epsilon());
        metadata.put("llama.rope.freq_base", 10_000.0);
        metadata.put("llama.rope.dimension_count", (long) shape.headSize());
        metadata.put("llama.vocab_size", (long) vocabulary);
    }

    /// A model for tests: 2 layers of width 64 (256 for types with blocks of 256), 4 query and 2 key-value heads,
    /// 300 tokens, context 256.
    public static RandomModel tiny(TensorType type) {
        boolean wide = type.blockElements() == 256;
        int width = wide ? 256 : 64;
        LlamaShape shape = new LlamaShape(2, width, wide ? 256 : 96, 4, 2, width / 4, 256, 1e-5f);
        return new RandomModel(shape, 300).type(type);
    }

    /// A model with the dimensions of a known one, by name; names are in [#names()].
    public static Optional<RandomModel> named(String name) {
        return Optional.ofNullable(
                        switch (name) {
                            case "starter" -> new RandomModel(shape(7, 128, 384, 4, 2, 512), 4096);
                            case "smollm2-135m" -> new RandomModel(shape(30, 576, 1536, 9, 3, 8192), 49152);
                            case "tinyllama-1.1b" ->
                                new RandomModel(shape(22, 2048, 5632, 32, 4, 2048), 32000).separateOutput();
                            case "llama-3.2-1b" -> new RandomModel(shape(16, 2048, 8192, 32, 8, 131072), 128256);
                            case "llama-2-7b" ->
                                new RandomModel(shape(32, 4096, 11008, 32, 32, 4096), 32000).separateOutput();
                            case "llama-3.1-8b" ->
                                new RandomModel(shape(32, 4096, 14336, 32, 8, 131072), 128256).separateOutput();
                            default -> null;
                        })
                .map(model -> model.metadata("general.name", name + " of random weights"));
    }

    /// Names that [#named(String)] knows, smallest first.
    public static List<String> names() {
        return List.of("starter", "smollm2-135m", "tinyllama-1.1b", "llama-3.2-1b", "llama-2-7b", "llama-3.1-8b");
    }

    private static LlamaShape shape(int... sizes) {
        return new LlamaShape(sizes[0], sizes[1], sizes[2], sizes[3], sizes[4], sizes[1] / sizes[3], sizes[5], 1e-5f);
    }

    /// The type of all matrices; vectors are F32.
    public RandomModel type(TensorType type) {
        this.type = type;
        return this;
    }

    /// Another type for the matrices whose name contains `part`, such as `attn_v` or `blk.1.`.
    public RandomModel typeOf(String part, TensorType type) {
        otherTypes.put(part, type);
        return this;
    }

    /// Q4_K and, where errors cost most, Q6_K: the output, and the values and the last product of the feed-forward
    /// of half of the layers. This is what llama.cpp's quantiser calls Q4_K_M (`llama_tensor_get_type`, for models
    /// without experts).
    public RandomModel mixOfFourAndSixBits() {
        type = TensorType.Q4_K;
        otherTypes.put(tied ? "token_embd." : "output.weight", TensorType.Q6_K);
        int layers = shape.layers();
        int eighth = layers / 8;
        for (int layer = 0; layer < layers; layer++) {
            if (layer < eighth || layer >= 7 * layers / 8 || (layer - eighth) % 3 == 2) {
                otherTypes.put("blk." + layer + ".attn_v.", TensorType.Q6_K);
                otherTypes.put("blk." + layer + ".ffn_down.", TensorType.Q6_K);
            }
        }
        return this;
    }

    /// Gives the output a matrix of its own.
    public RandomModel separateOutput() {
        this.tied = false;
        return this;
    }

    public RandomModel seed(long seed) {
        this.seed = seed;
        return this;
    }

    /// Adds `rope_freqs.weight`, by which Llama 3.1 divides the frequency of each pair of a head's dimensions.
    public RandomModel rotaryFactors(float... factors) {
        this.rotaryFactors = Optional.of(factors.clone());
        return this;
    }

    /// Sets or replaces a metadata value; its type is one of those that [GgufMetadata] names.
    public RandomModel metadata(String key, Object value) {
        metadata.put(key, value);
        return this;
    }

    /// Leaves a metadata key out.
    public RandomModel withoutMetadata(String key) {
        metadata.put(key, ABSENT);
        return this;
    }

    /// Writes the file and returns its path.
    public Path write(Path file) throws IOException {
        List<TensorPlan> tensors = tensors();
        try (GgufWriter writer = GgufWriter.create(file, allMetadata(), tensors)) {
            for (TensorPlan tensor : tensors) {
                writeTensor(writer, tensor);
            }
            writer.finish();
        }
        return file;
    }

    private GgufMetadata allMetadata() {
        Map<String, Object> all = new LinkedHashMap<>(metadata);
        SyntheticVocabulary.metadata(vocabulary).forEach(all::putIfAbsent);
        all.values().removeIf(value -> value == ABSENT);
        return new GgufMetadata(all);
    }

    private List<TensorPlan> tensors() {
        List<TensorPlan> tensors = new ArrayList<>();
        int queryWidth = shape.heads() * shape.headSize();
        int keyWidth = shape.keyValueHeads() * shape.headSize();
        tensors.add(matrix("token_embd.weight", vocabulary, shape.width()));
        rotaryFactors.ifPresent(factors -> tensors.add(vector(ROTARY_FACTORS, factors.length)));
        for (int layer = 0; layer < shape.layers(); layer++) {
            String block = "blk." + layer + ".";
            tensors.add(vector(block + "attn_norm.weight", shape.width()));
            tensors.add(matrix(block + "attn_q.weight", queryWidth, shape.width()));
            tensors.add(matrix(block + "attn_k.weight", keyWidth, shape.width()));
            tensors.add(matrix(block + "attn_v.weight", keyWidth, shape.width()));
            tensors.add(matrix(block + "attn_output.weight", shape.width(), queryWidth));
            tensors.add(vector(block + "ffn_norm.weight", shape.width()));
            tensors.add(matrix(block + "ffn_gate.weight", shape.feedForward(), shape.width()));
            tensors.add(matrix(block + "ffn_up.weight", shape.feedForward(), shape.width()));
            tensors.add(matrix(block + "ffn_down.weight", shape.width(), shape.feedForward()));
        }
        tensors.add(vector("output_norm.weight", shape.width()));
        if (!tied) {
            tensors.add(matrix("output.weight", vocabulary, shape.width()));
        }
        return tensors;
    }

    private TensorPlan matrix(String name, int rows, int columns) {
        TensorType special = otherTypes.entrySet().stream()
                .filter(other -> name.contains(other.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(type);
        return TensorPlan.matrix(name, special, rows, columns);
    }

    private static TensorPlan vector(String name, int length) {
        return TensorPlan.vector(name, TensorType.F32, length);
    }

    private void writeTensor(GgufWriter writer, TensorPlan tensor) throws IOException {
        int rows = Math.toIntExact(tensor.rows());
        int rowBytes = Math.toIntExact(tensor.type().rowBytes(tensor.columns()));
        int batch = Math.clamp(BATCH_BYTES / rowBytes, 1, rows);
        MemorySegment bytes = MemorySegment.ofArray(new byte[batch * rowBytes]);
        for (int first = 0; first < rows; first += batch) {
            int from = first;
            int count = Math.min(batch, rows - first);
            IntStream.range(0, count).parallel().forEach(row -> {
                MemorySegment out = bytes.asSlice((long) row * rowBytes, rowBytes);
                RowEncoder.encode(tensor.type(), row(tensor, from + row), out);
            });
            writer.write(bytes.asSlice(0, (long) count * rowBytes));
        }
    }

    private float[] row(TensorPlan tensor, int row) {
        if (tensor.name().equals(ROTARY_FACTORS)) {
            return rotaryFactors.orElseThrow();
        }
        boolean norm = tensor.dimensions().size() == 1;
        double centre = norm ? 1 : 0;
        double deviation = norm ? 0.1 : 1 / Math.sqrt(tensor.columns());
        SplittableRandom random =
                new SplittableRandom((seed * 31 + tensor.name().hashCode()) * 0x9E37_79B9_7F4A_7C15L + row);
        float[] values = new float[Math.toIntExact(tensor.columns())];
        for (int column = 0; column < values.length; column++) {
            values[column] = (float) (centre + deviation * random.nextGaussian());
        }
        return values;
    }
}
