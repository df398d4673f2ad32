package org.flinkllama.model.llama;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.flinkllama.model.gguf.GgufException;
import org.flinkllama.model.gguf.GgufFile;
import org.flinkllama.model.tensor.RowDecoder;
import org.flinkllama.model.tensor.WeightMatrix;

/// The tensors of a Llama, checked against its shape. Shared by every replica of the process; read-only.
record LlamaWeights(WeightMatrix embedding, List<Layer> layers, float[] outputNorm, WeightMatrix output) {
    /// The tensors of one transformer block. Norms are decoded: they are small and read as arrays.
    record Layer(
            float[] attentionNorm,
            WeightMatrix query,
            WeightMatrix key,
            WeightMatrix value,
            WeightMatrix attentionOutput,
            float[] feedForwardNorm,
            WeightMatrix gate,
            WeightMatrix up,
            WeightMatrix down) {
        private Stream<WeightMatrix> matrices() {
            return Stream.of(query, key, value, attentionOutput, gate, up, down);
        }
    }

    static LlamaWeights read(GgufFile file, LlamaShape shape, int vocabularySize) {
        Reader reader = new Reader(file);
        WeightMatrix embedding = reader.matrix("token_embd.weight", vocabularySize, shape.width());
        List<Layer> layers = new ArrayList<>();
        for (int layer = 0; layer < shape.layers(); layer++) {
            layers.add(reader.layer("blk." + layer + ".", shape));
        }
        float[] outputNorm = reader.vector("output_norm.weight", shape.width());
        WeightMatrix output = file.find("output.weight").isPresent()
                ? reader.matrix("output.weight", vocabularySize, shape.width())
                : embedding;
        reader.rotaryFactors();
        reader.refuseUnreadTensors();
        return new LlamaWeights(embedding, List.copyOf(layers), outputNorm, output);
    }

    /// The matrices that every token is multiplied with.
    Stream<WeightMatrix> matrices() {
        return Stream.concat(layers.stream().flatMap(Layer::matrices), Stream.of(output));
    }

    /// The divisors of rotary frequencies, where the file has them.
    static Optional<float[]> rotaryFactors(GgufFile file) {
        return new Reader(file).rotaryFactors();
    }

    private static final class Reader {
        private static final String ROTARY_FACTORS = "rope_freqs.weight";

        private final GgufFile file;
        private final Set<String> read = new HashSet<>();

        private Reader(GgufFile file) {
            this.file = file;
        }

        private Layer layer(String prefix, LlamaShape shape) {
            return new Layer(
                    vector(prefix + "attn_norm.weight", shape.width()),
                    matrix(prefix + "attn_q.weight", shape.queryWidth(), shape.width()),
                    matrix(prefix + "attn_k.weight", shape.keyWidth(), shape.width()),
                    matrix(prefix + "attn_v.weight", shape.keyWidth(), shape.width()),
                    matrix(prefix + "attn_output.weight", shape.width(), shape.queryWidth()),
                    vector(prefix + "ffn_norm.weight", shape.width()),
                    matrix(prefix + "ffn_gate.weight", shape.feedForward(), shape.width()),
                    matrix(prefix + "ffn_up.weight", shape.feedForward(), shape.width()),
                    matrix(prefix + "ffn_down.weight", shape.width(), shape.feedForward()));
        }

        private WeightMatrix matrix(String name, int rows, int columns) {
            WeightMatrix matrix = file.matrix(name);
            if (matrix.rows() != rows || matrix.columns() != columns) {
                throw new GgufException("Tensor '" + name + "' has shape [" + matrix.rows() + "][" + matrix.columns()
                        + "]; the metadata asks for [" + rows + "][" + columns + "]. The file is damaged.");
            }
            read.add(name);
            return matrix;
        }

        private float[] vector(String name, int size) {
            return decode(matrix(name, 1, size));
        }

        private Optional<float[]> rotaryFactors() {
            read.add(ROTARY_FACTORS);
            return file.find(ROTARY_FACTORS).map(Reader::decode);
        }

        private static float[] decode(WeightMatrix vector) {
            float[] numbers = new float[vector.columns()];
            RowDecoder.decode(vector, 0, numbers, 0);
            return numbers;
        }

        /// A tensor that nobody reads would change the model's results in silence.
        private void refuseUnreadTensors() {
            for (String name : file.tensors().keySet()) {
                if (!read.contains(name)) {
                    throw new GgufException("Tensor '" + name + "' is not part of a plain Llama; the model has an "
                            + "extension that this decoder does not compute.");
                }
            }
        }
    }
}
