package org.flinkllama.jobs.bench;

import org.flinkllama.model.synthetic.RandomModel;

/// Dimensions of a known model. Random weights of these dimensions are as fast as the model itself.
public enum ModelShape {
    STARTER("starter"),
    SMOL135M("smollm2-135m"),
    TINYLLAMA("tinyllama-1.1b"),
    LLAMA1B("llama-3.2-1b"),
    LLAMA8B("llama-3.1-8b");

    private final String dimensions;

    ModelShape(String dimensions) {
        this.dimensions = dimensions;
    }

    /// The name under which [RandomModel] knows the dimensions.
    String dimensions() {
        return dimensions;
    }

    RandomModel randomModel() {
        return RandomModel.named(dimensions).orElseThrow();
    }
}
