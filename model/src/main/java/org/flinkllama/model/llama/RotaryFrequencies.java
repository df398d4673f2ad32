package org.flinkllama.model.llama;

import java.util.Arrays;
import java.util.Optional;
import org.flinkllama.model.gguf.GgufException;
import org.flinkllama.model.gguf.GgufMetadata;

/// Angles by which rotary position embedding (Su et al., RoFormer) turns each pair of dimensions per position,
/// after the scaling that the model was trained with: none, linear, YaRN (Peng et al.), or Llama 3.1's factors by
/// frequency, which a file carries as the tensor `rope_freqs.weight`.
///
/// @param radians   turn of pair i per position
/// @param magnitude factor on sine and cosine; 1 but for YaRN
record RotaryFrequencies(double[] radians, double magnitude) {
    private static final double YARN_FAST_TURNS = 32;
    private static final double YARN_SLOW_TURNS = 1;

    /// @param factors the numbers of `rope_freqs.weight`, where the file has them
    static RotaryFrequencies read(GgufMetadata metadata, LlamaShape shape, Optional<float[]> factors) {
        int dimensions = metadata.count("llama.rope.dimension_count").orElse(shape.headSize());
        if (dimensions < 2 || dimensions > shape.headSize() || dimensions % 2 != 0) {
            throw new GgufException("Metadata 'llama.rope.dimension_count' is " + dimensions
                    + "; expected an even number from 2 to " + shape.headSize() + ".");
        }
        double base = metadata.decimal("llama.rope.freq_base").orElse(10_000.0);
        if (!(base > 1 && base < 1e12)) {
            throw new GgufException("Metadata 'llama.rope.freq_base' is " + base + "; expected above 1.");
        }
        double[] radians = new double[dimensions / 2];
        for (int pair = 0; pair < radians.length; pair++) {
            radians[pair] = StrictMath.pow(base, -2.0 * pair / dimensions);
        }
        factors.ifPresent(divisors -> divide(radians, divisors));
        return scaled(metadata, shape, base, radians);
    }

    private static void divide(double[] radians, float[] divisors) {
        if (divisors.length != radians.length) {
            throw new GgufException("Tensor 'rope_freqs.weight' has " + divisors.length + " numbers; expected "
                    + radians.length + ", one for each pair of dimensions.");
        }
        for (int pair = 0; pair < radians.length; pair++) {
            if (!(divisors[pair] > 0)) {
                throw new GgufException("Tensor 'rope_freqs.weight' holds " + divisors[pair] + "; expected above 0.");
            }
            radians[pair] /= divisors[pair];
        }
    }

    private static RotaryFrequencies scaled(GgufMetadata metadata, LlamaShape shape, double base, double[] radians) {
        String type = metadata.string("llama.rope.scaling.type").orElse("linear");
        double factor = metadata.decimal("llama.rope.scaling.factor")
                .or(() -> metadata.decimal("llama.rope.scale_linear"))
                .filter(value -> value != 0)
                .orElse(1.0);
        if (!(factor >= 1 && factor < 1e6)) {
            throw new GgufException("Metadata 'llama.rope.scaling.factor' is " + factor + "; expected 1 or more.");
        }
        return switch (type) {
            case "none" -> new RotaryFrequencies(radians, 1);
            case "linear" ->
                new RotaryFrequencies(
                        Arrays.stream(radians).map(turn -> turn / factor).toArray(), 1);
            case "yarn" -> yarn(metadata, shape, base, radians, factor);
            default ->
                throw new GgufException(
                        "Metadata 'llama.rope.scaling.type' is '" + type + "'; supported: none, linear, yarn.");
        };
    }

    /// YaRN: pairs that turn often over the original context keep their angle, pairs that turn less than once are
    /// interpolated, with a ramp between; attention is sharpened by 0.1 ln(factor) + 1.
    private static RotaryFrequencies yarn(
            GgufMetadata metadata, LlamaShape shape, double base, double[] radians, double factor) {
        int original =
                metadata.count("llama.rope.scaling.original_context_length").orElse(shape.contextLength());
        double fast = metadata.decimal("llama.rope.scaling.yarn_beta_fast").orElse(YARN_FAST_TURNS);
        double slow = metadata.decimal("llama.rope.scaling.yarn_beta_slow").orElse(YARN_SLOW_TURNS);
        int pairs = radians.length;
        double low = Math.max(0, Math.floor(pairWithTurns(fast, original, base, pairs)));
        double high = Math.min(2 * pairs - 1, Math.ceil(pairWithTurns(slow, original, base, pairs)));
        double[] scaled = new double[pairs];
        for (int pair = 0; pair < pairs; pair++) {
            double ramp = Math.clamp((pair - low) / Math.max(0.001, high - low), 0, 1);
            scaled[pair] = radians[pair] / factor * ramp + radians[pair] * (1 - ramp);
        }
        double attention = metadata.decimal("llama.rope.scaling.attn_factor").orElse(1.0);
        return new RotaryFrequencies(scaled, attention * (1 + 0.1 * StrictMath.log(factor)));
    }

    /// The pair, as a real number, that makes so many turns over `context` positions.
    private static double pairWithTurns(double turns, int context, double base, int pairs) {
        return pairs * StrictMath.log(context / (turns * 2 * Math.PI)) / StrictMath.log(base);
    }
}
