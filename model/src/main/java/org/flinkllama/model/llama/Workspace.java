package org.flinkllama.model.llama;

import org.flinkllama.model.decoder.Batch;
import org.flinkllama.model.kernel.Activations;

/// Numbers of the tokens of a step on their way through the layers. Reserved once for the largest step.
final class Workspace {
    final Activations residual;
    final Activations normed;
    final Activations query;
    final Activations key;
    final Activations value;
    final Activations projected;
    final Activations gate;
    final Activations up;
    final Activations selected;
    final Activations logits;

    /// The step that is computed now.
    Batch batch = new Batch(0);

    Workspace(LlamaShape shape, int vocabularySize, int tokens, int logitRows) {
        residual = new Activations(tokens, shape.width());
        normed = new Activations(tokens, shape.width());
        query = new Activations(tokens, shape.queryWidth());
        key = new Activations(tokens, shape.keyWidth());
        value = new Activations(tokens, shape.keyWidth());
        projected = new Activations(tokens, shape.width());
        gate = new Activations(tokens, shape.feedForward());
        up = new Activations(tokens, shape.feedForward());
        selected = new Activations(logitRows, shape.width());
        logits = new Activations(logitRows, vocabularySize);
    }

    void begin(Batch next) {
        batch = next;
        Activations[] all = {residual, normed, query, key, value, projected, gate, up};
        for (Activations activations : all) {
            activations.use(next.size());
        }
        selected.use(next.logitRows());
        logits.use(next.logitRows());
    }
}
