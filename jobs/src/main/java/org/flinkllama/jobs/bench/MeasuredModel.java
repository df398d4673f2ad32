package org.flinkllama.jobs.bench;

import java.io.IOException;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
import org.flinkllama.model.gguf.GgufTensor;
import org.flinkllama.model.llama.LlamaModel;
import org.flinkllama.model.llama.LlamaShape;
import org.flinkllama.model.tensor.TensorType;

/// The model that was measured.
///
/// @param type            the type that takes most of the file
/// @param parameters      numbers of all tensors
/// @param stepWeightBytes weights that a decoding step reads, as the file has them: all but the embedding of a model
///                        whose output has a matrix of its own
public record MeasuredModel(
        String name,
        String file,
        long bytes,
        String sha256,
        LlamaShape shape,
        TensorType type,
        long parameters,
        long stepWeightBytes) {
    private static final String EMBEDDING = "token_embd.weight";
    private static final String OUTPUT = "output.weight";

    /// Reads the whole file, which is then in memory.
    static MeasuredModel of(LlamaModel model) throws IOException {
        Map<String, GgufTensor> tensors = model.file().tensors();
        long unread = tensors.containsKey(OUTPUT) ? bytes(tensors.get(EMBEDDING)) : 0;
        return new MeasuredModel(
                model.name(),
                model.path().toString(),
                model.file().bytes(),
                model.sha256(),
                model.shape(),
                mainType(tensors.values()),
                tensors.values().stream().mapToLong(MeasuredModel::numbers).sum(),
                tensors.values().stream().mapToLong(MeasuredModel::bytes).sum() - unread);
    }

    private static TensorType mainType(Collection<GgufTensor> tensors) {
        Map<TensorType, Long> bytes = new EnumMap<>(TensorType.class);
        tensors.forEach(tensor -> bytes.merge(tensor.type(), bytes(tensor), Long::sum));
        return bytes.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .orElseThrow()
                .getKey();
    }

    private static long bytes(GgufTensor tensor) {
        return tensor.data().byteSize();
    }

    private static long numbers(GgufTensor tensor) {
        long numbers = 1;
        for (long dimension : tensor.dimensions()) {
            numbers *= dimension;
        }
        return numbers;
    }
}
