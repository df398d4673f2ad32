package org.flinkllama.model.llama;

import java.util.function.Supplier;
import org.flinkllama.model.cache.CacheShape;
import org.flinkllama.model.decoder.Batch;
import org.flinkllama.model.decoder.Decoder;
import org.flinkllama.model.kernel.Kernel;
import org.flinkllama.model.kernel.Slices;
import org.flinkllama.model.kernel.WorkerTeam;
import org.flinkllama.model.kernel.WorkerTeam.Job;
import org.flinkllama.model.tensor.RowDecoder;

/// The forward pass of a Llama over shared weights.
final class LlamaDecoder implements Decoder {
    private final LlamaShape shape;
    private final LlamaWeights weights;
    private final Workspace space;
    private final RotaryTable rotary;
    private final LayerPass[] layers;
    private final WorkerTeam team;
    private final Job embed = this::embed;
    private final Job select = this::select;
    private final Job project = this::project;

    /// @param tokens  tokens of a step at most
    /// @param threads workers, the caller included
    LlamaDecoder(LlamaModel model, int tokens, int threads, Supplier<Kernel> kernels) {
        this.shape = model.shape();
        this.weights = model.weights();
        this.space = new Workspace(shape, weights.output().rows(), tokens);
        this.rotary = new RotaryTable(model.rotaryFrequencies());
        this.layers = new LayerPass[shape.layers()];
        for (int layer = 0; layer < layers.length; layer++) {
            layers[layer] = new LayerPass(shape, layer, weights.layers().get(layer), space, rotary);
        }
        this.team = new WorkerTeam(threads, kernels);
    }

    @Override
    public int vocabularySize() {
        return weights.output().rows();
    }

    @Override
    public CacheShape cacheShape() {
        return shape.cacheShape();
    }

    @Override
    public Kernel kernel() {
        return team.kernel();
    }

    @Override
    public float[] decode(Batch batch) {
        space.begin(batch);
        rotary.reach(batch.positions());
        team.run(embed, (long) batch.size() * shape.width());
        for (LayerPass layer : layers) {
            layer.run(team);
        }
        if (batch.logitRows() > 0) {
            team.run(select, (long) batch.logitRows() * shape.width());
            team.run(project, (long) batch.logitRows() * shape.width() * vocabularySize());
        }
        return space.logits.values();
    }

    private void embed(Kernel kernel, int part, int parts) {
        int tokens = space.batch.size();
        for (int token = Slices.first(tokens, part, parts); token < Slices.end(tokens, part, parts); token++) {
            RowDecoder.decode(
                    weights.embedding(),
                    space.batch.token(token),
                    space.residual.values(),
                    space.residual.offset(token));
        }
    }

    /// Normalises the tokens that want logits into rows of their own.
    private void select(Kernel kernel, int part, int parts) {
        int rows = space.selected.tokens();
        for (int row = Slices.first(rows, part, parts); row < Slices.end(rows, part, parts); row++) {
            System.arraycopy(
                    space.residual.values(),
                    space.residual.offset(space.selectedToken(row)),
                    space.selected.values(),
                    space.selected.offset(row),
                    shape.width());
            kernel.normalise(space.selected, row, weights.outputNorm(), shape.epsilon(), space.selected);
        }
    }

    private void project(Kernel kernel, int part, int parts) {
        int rows = weights.output().rows();
        kernel.multiply(
                weights.output(),
                Slices.firstRow(rows, part, parts),
                Slices.endRow(rows, part, parts),
                space.selected,
                space.logits);
    }

    @Override
    public void close() {
        team.close();
    }
}
