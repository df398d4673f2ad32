package org.flinkllama.model.llama;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.flinkllama.model.kernel.grouped.Repacking;
import org.flinkllama.model.tensor.WeightMatrix;

/// Repacks the matrices that are multiplied in another layout than the file's, by as many threads as the machine
/// has. The copies lie in native memory beside the mapped file, about as large as the tensors themselves, and live
/// as long as its arena. Only rows of the embedding are read of the file's pages from then on.
final class RepackedWeights {
    private final Arena arena;

    RepackedWeights(Arena arena) {
        this.arena = arena;
    }

    LlamaWeights of(LlamaWeights stored) {
        List<LlamaWeights.Layer> layers = new ArrayList<>();
        for (LlamaWeights.Layer layer : stored.layers()) {
            layers.add(new LlamaWeights.Layer(
                    layer.attentionNorm(),
                    of(layer.query()),
                    of(layer.key()),
                    of(layer.value()),
                    of(layer.attentionOutput()),
                    layer.feedForwardNorm(),
                    of(layer.gate()),
                    of(layer.up()),
                    of(layer.down())));
        }
        return new LlamaWeights(stored.embedding(), List.copyOf(layers), stored.outputNorm(), of(stored.output()));
    }

    WeightMatrix of(WeightMatrix matrix) {
        if (!Repacking.support(matrix.type())) {
            return matrix;
        }
        MemorySegment target = arena.allocate(Repacking.bytes(matrix), Repacking.LINE);
        IntStream.range(0, Repacking.parts(matrix)).parallel().forEach(part -> Repacking.pack(matrix, part, target));
        return matrix.with(target);
    }

    /// Bytes of the copies.
    static long bytes(LlamaWeights stored) {
        long bytes = Repacking.bytes(stored.output());
        for (LlamaWeights.Layer layer : stored.layers()) {
            bytes += Repacking.bytes(layer.query()) + Repacking.bytes(layer.key()) + Repacking.bytes(layer.value());
            bytes += Repacking.bytes(layer.attentionOutput());
            bytes += Repacking.bytes(layer.gate()) + Repacking.bytes(layer.up()) + Repacking.bytes(layer.down());
        }
        return bytes;
    }
}
