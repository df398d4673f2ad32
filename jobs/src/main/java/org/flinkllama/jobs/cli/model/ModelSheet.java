package org.flinkllama.jobs.cli.model;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import org.flinkllama.model.cache.CacheType;
import org.flinkllama.model.chat.ChatTemplate;
import org.flinkllama.model.chat.ChatTemplates;
import org.flinkllama.model.gguf.GgufException;
import org.flinkllama.model.gguf.GgufFile;
import org.flinkllama.model.gguf.GgufMetadata;
import org.flinkllama.model.gguf.GgufTensor;
import org.flinkllama.model.llama.LlamaModel;
import org.flinkllama.model.tensor.TensorType;
import org.flinkllama.model.tokenizer.TokenizerException;

/// What there is to say of a model file, whether it can be used or not.
///
/// @param refusal            why it can't be used; null where it can
/// @param shape              sizes by their names, in reading order
/// @param tokenizer          kind of the vocabulary and its size
/// @param chatTemplate       name of the template; null where none is known
/// @param weightBytes        bytes of all tensors
/// @param repackedBytes      bytes of native memory that repacked copies of tensors take once the model runs
/// @param cacheBytesPerToken bytes of keys and values of one position in f32; 0 where the file can't be used
record ModelSheet(
        String file,
        long bytes,
        String sha256,
        String name,
        String architecture,
        String refusal,
        long parameters,
        SequencedMap<String, Long> shape,
        String tokenizer,
        String chatTemplate,
        long weightBytes,
        long repackedBytes,
        long cacheBytesPerToken,
        List<TypeUse> tensors) {
    private static final List<String> SIZES = List.of(
            "context_length",
            "block_count",
            "embedding_length",
            "feed_forward_length",
            "attention.head_count",
            "attention.head_count_kv");

    /// Tensors of one type.
    record TypeUse(TensorType type, int tensors, long elements, long bytes) {
        TypeUse with(GgufTensor tensor) {
            long added = Arrays.stream(tensor.dimensions()).reduce(1, (product, size) -> product * size);
            return new TypeUse(
                    type, tensors + 1, elements + added, bytes + tensor.data().byteSize());
        }
    }

    static ModelSheet of(Path path) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            GgufFile file = GgufFile.open(path, arena);
            GgufMetadata metadata = file.metadata();
            String architecture = metadata.string("general.architecture").orElse("unknown");
            List<TypeUse> tensors = tensors(file);
            Usability usability = Usability.of(path);
            return new ModelSheet(
                    path.toString(),
                    file.bytes(),
                    GgufFile.sha256(path),
                    metadata.string("general.name").orElse(path.getFileName().toString()),
                    architecture,
                    usability.refusal(),
                    tensors.stream().mapToLong(TypeUse::elements).sum(),
                    shape(metadata, architecture),
                    tokenizer(metadata),
                    ChatTemplates.detect(metadata).map(ChatTemplate::name).orElse(null),
                    tensors.stream().mapToLong(TypeUse::bytes).sum(),
                    usability.repackedBytes(),
                    usability.cacheBytesPerToken(),
                    tensors);
        }
    }

    /// Whether the file opens as a model.
    private record Usability(String refusal, long repackedBytes, long cacheBytesPerToken) {
        static Usability of(Path path) throws IOException {
            try (LlamaModel model = LlamaModel.open(path)) {
                return new Usability(null, model.repackedBytes(), model.shape().cacheBytesPerToken(CacheType.F32));
            } catch (GgufException | TokenizerException e) {
                return new Usability(e.getMessage(), 0, 0);
            }
        }
    }

    private static List<TypeUse> tensors(GgufFile file) {
        Map<TensorType, TypeUse> uses = new EnumMap<>(TensorType.class);
        for (GgufTensor tensor : file.tensors().values()) {
            TypeUse use = uses.getOrDefault(tensor.type(), new TypeUse(tensor.type(), 0, 0, 0));
            uses.put(tensor.type(), use.with(tensor));
        }
        return List.copyOf(uses.values());
    }

    private static SequencedMap<String, Long> shape(GgufMetadata metadata, String architecture) {
        SequencedMap<String, Long> shape = new LinkedHashMap<>();
        for (String size : SIZES) {
            if (metadata.raw(architecture + "." + size).orElse(null) instanceof Long value) {
                shape.put(size.replace("attention.", "").replace('_', ' '), value);
            }
        }
        return shape;
    }

    private static String tokenizer(GgufMetadata metadata) {
        Optional<String> kind = metadata.string("tokenizer.ggml.model");
        int pieces = metadata.strings("tokenizer.ggml.tokens").orElse(new String[0]).length;
        String preTokenizer = metadata.string("tokenizer.ggml.pre")
                .map(name -> ", pre-tokenizer " + name)
                .orElse("");
        return kind.map(name -> switch (name) {
                            case "llama" -> "SentencePiece";
                            case "gpt2" -> "byte-level BPE";
                            default -> name;
                        })
                        .orElse("none")
                + preTokenizer + ", " + pieces + " tokens";
    }
}
