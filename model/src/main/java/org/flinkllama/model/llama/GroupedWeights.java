package org.flinkllama.model.llama;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.flinkllama.model.kernel.grouped.RowGroups;
import org.flinkllama.model.tensor.WeightMatrix;

/// Repacks the matrices that are multiplied as integers in groups of rows, by as many threads as the machine has. The
/// copies lie in native memory beside the mapped file, as large as the tensors themselves, and live as long as its
/// arena.
final class GroupedWeights {
    private final Arena arena;

    GroupedWeights(Arena arena) {
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
        if (!RowGroups.support(matrix.type())) {
            return matrix;
        }
        MemorySegment groups = arena.allocate(RowGroups.bytes(matrix), RowGroups.LINE);
        long groupBytes = RowGroups.groupBytes(matrix.type(), matrix.columns());
        IntStream.range(0, RowGroups.count(matrix.rows()))
                .parallel()
                .forEach(group -> RowGroups.pack(matrix, group, groups, group * groupBytes));
        return matrix.with(groups);
    }

    /// Bytes of the copies.
    static long bytes(LlamaWeights stored) {
        long bytes = groupBytes(stored.output());
        for (LlamaWeights.Layer layer : stored.layers()) {
            bytes += groupBytes(layer.query()) + groupBytes(layer.key()) + groupBytes(layer.value());
            bytes += groupBytes(layer.attentionOutput());
            bytes += groupBytes(layer.gate()) + groupBytes(layer.up()) + groupBytes(layer.down());
        }
        return bytes;
    }

    private static long groupBytes(WeightMatrix matrix) {
        return RowGroups.support(matrix.type()) ? RowGroups.bytes(matrix) : 0;
    }
}
