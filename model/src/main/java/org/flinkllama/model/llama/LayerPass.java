package org.flinkllama.model.llama;

import org.flinkllama.model.kernel.Activations;
import org.flinkllama.model.kernel.CachePage;
import org.flinkllama.model.kernel.HeadSlice;
import org.flinkllama.model.kernel.Kernel;
import org.flinkllama.model.kernel.Slices;
import org.flinkllama.model.kernel.TokenRun;
import org.flinkllama.model.kernel.WorkerTeam;
import org.flinkllama.model.kernel.WorkerTeam.Job;
import org.flinkllama.model.tensor.WeightMatrix;

/// One transformer block as jobs for a team of workers, made once: a step allocates nothing.
final class LayerPass {
    // What a multiplication of short attention costs, and a number that is turned and stored, where one of a product
    // of matrices costs 1. A worker that is left out for longer than it spins parks, and waking it costs most of all.
    private static final long ATTENTION_COST = 8;
    private static final long MEMORY_COST = 64;

    private final LlamaShape shape;
    private final LlamaWeights.Layer weights;
    private final Workspace space;
    private final RotaryTable rotary;
    private final HeadSlice[] slices;
    private final Job normaliseForAttention;
    private final Job project;
    private final Job remember;
    private final Job attend;
    private final Job addAttention;
    private final Job normaliseForFeedForward;
    private final Job feedForward;
    private final Job addFeedForward;

    LayerPass(LlamaShape shape, int layer, LlamaWeights.Layer weights, Workspace space, RotaryTable rotary) {
        this.shape = shape;
        this.weights = weights;
        this.space = space;
        this.rotary = rotary;
        this.slices = new HeadSlice[shape.keyValueHeads()];
        for (int head = 0; head < slices.length; head++) {
            slices[head] = shape.cacheShape().slice(layer, head);
        }
        this.project = this::project;
        this.remember = this::remember;
        this.attend = this::attend;
        this.feedForward = this::feedForward;
        this.normaliseForAttention = (kernel, part, parts) -> normalise(kernel, weights.attentionNorm(), part, parts);
        this.addAttention =
                (kernel, part, parts) -> addProduct(kernel, weights.attentionOutput(), space.query, part, parts);
        this.normaliseForFeedForward =
                (kernel, part, parts) -> normalise(kernel, weights.feedForwardNorm(), part, parts);
        this.addFeedForward = (kernel, part, parts) -> addProduct(kernel, weights.down(), space.gate, part, parts);
    }

    void run(WorkerTeam team) {
        long tokens = space.batch.size();
        long width = shape.width();
        team.run(normaliseForAttention, tokens * width);
        team.run(project, tokens * width * (shape.queryWidth() + 2L * shape.keyWidth()));
        team.run(remember, MEMORY_COST * tokens * shape.keyWidth());
        team.run(attend, ATTENTION_COST * 2 * space.attended() * shape.queryWidth());
        team.run(addAttention, tokens * width * shape.queryWidth());
        team.run(normaliseForFeedForward, tokens * width);
        team.run(feedForward, 2 * tokens * width * shape.feedForward());
        team.run(addFeedForward, tokens * width * shape.feedForward());
    }

    private void normalise(Kernel kernel, float[] scale, int part, int parts) {
        int tokens = space.residual.tokens();
        for (int token = Slices.first(tokens, part, parts); token < Slices.end(tokens, part, parts); token++) {
            kernel.normalise(space.residual, token, scale, shape.epsilon(), space.normed);
        }
    }

    private void project(Kernel kernel, int part, int parts) {
        multiply(kernel, weights.query(), space.normed, space.query, part, parts);
        multiplyAgain(kernel, weights.key(), space.normed, space.key, part, parts);
        multiplyAgain(kernel, weights.value(), space.normed, space.value, part, parts);
    }

    private static void multiply(
            Kernel kernel, WeightMatrix matrix, Activations in, Activations out, int part, int parts) {
        int rows = matrix.rows();
        kernel.multiply(matrix, Slices.firstRow(rows, part, parts), Slices.endRow(rows, part, parts), in, out);
    }

    /// For activations that the kernel's last product read too.
    private static void multiplyAgain(
            Kernel kernel, WeightMatrix matrix, Activations in, Activations out, int part, int parts) {
        int rows = matrix.rows();
        kernel.multiplyAgain(matrix, Slices.firstRow(rows, part, parts), Slices.endRow(rows, part, parts), in, out);
    }

    /// Writes the keys, turned to their positions, and the values of the step into the sequences' pages.
    private void remember(Kernel kernel, int part, int parts) {
        int units = space.key.tokens() * slices.length;
        for (int unit = Slices.first(units, part, parts); unit < Slices.end(units, part, parts); unit++) {
            int token = unit / slices.length;
            int head = unit % slices.length;
            int position = space.batch.position(token);
            int offset = space.key.offset(token) + head * shape.headSize();
            rotary.rotate(space.key.values(), offset, position);
            CachePage page = space.batch.table(token).pages()[position / Kernel.PAGE_POSITIONS];
            page.write(
                    slices[head], position % Kernel.PAGE_POSITIONS, space.key.values(), space.value.values(), offset);
        }
    }

    /// Shares the queries of all runs by what they cost: a part begins and ends at a query head of a run.
    private void attend(Kernel kernel, int part, int parts) {
        long first = Slices.first(space.attended(), part, parts);
        long end = Slices.end(space.attended(), part, parts);
        long before = 0;
        for (int i = 0; i < space.runs() && before < end; i++) {
            TokenRun run = space.run(i);
            long cost = run.attended();
            if (before + cost > first) {
                attend(kernel, run, head(first - before, cost), head(end - before, cost));
            }
            before += cost;
        }
    }

    /// The query head at which the part of a run begins that lies behind `share` of its `cost`.
    private int head(long share, long cost) {
        return (int) (Math.clamp(share, 0, cost) * shape.heads() / cost);
    }

    private void attend(Kernel kernel, TokenRun run, int firstHead, int endHead) {
        int group = shape.heads() / shape.keyValueHeads();
        for (int token = 0; token < run.tokens(); token++) {
            int offset = space.query.offset(run.firstToken() + token);
            for (int head = firstHead; head < endHead; head++) {
                rotary.rotate(space.query.values(), offset + head * shape.headSize(), run.positions(token) - 1);
            }
        }
        for (int head = firstHead; head < endHead; ) {
            int slice = head / group;
            int end = Math.min(endHead, (slice + 1) * group);
            kernel.attend(slices[slice], run, space.query, head - slice * group, end - slice * group);
            head = end;
        }
    }

    private void feedForward(Kernel kernel, int part, int parts) {
        multiply(kernel, weights.gate(), space.normed, space.gate, part, parts);
        multiplyAgain(kernel, weights.up(), space.normed, space.up, part, parts);
        int first = Slices.firstRow(shape.feedForward(), part, parts);
        int end = Slices.endRow(shape.feedForward(), part, parts);
        for (int token = 0; token < space.gate.tokens(); token++) {
            kernel.gate(space.gate, space.up, token, first, end);
        }
    }

    private void addProduct(Kernel kernel, WeightMatrix matrix, Activations in, int part, int parts) {
        multiply(kernel, matrix, in, space.projected, part, parts);
        int first = Slices.firstRow(matrix.rows(), part, parts);
        int end = Slices.endRow(matrix.rows(), part, parts);
        float[] residual = space.residual.values();
        float[] projected = space.projected.values();
        for (int token = 0; token < in.tokens(); token++) {
            int offset = space.residual.offset(token);
            for (int i = offset + first; i < offset + end; i++) {
                residual[i] += projected[i];
            }
        }
    }
}
