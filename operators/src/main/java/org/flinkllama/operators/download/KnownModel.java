package org.flinkllama.operators.download;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Instruct models that are known to work, as files of a public model hub. Sizes are rounded; no hash is kept here:
/// the hub announces one with each file.
public enum KnownModel {
    SMOLLM2_135M(
            "smollm2-135m-instruct",
            "bartowski/SmolLM2-135M-Instruct-GGUF",
            "SmolLM2-135M-Instruct-Q8_0.gguf",
            new Size(145_000_000L, 46_080, 8_192),
            "Apache-2.0"),
    SMOLLM2_360M(
            "smollm2-360m-instruct",
            "HuggingFaceTB/SmolLM2-360M-Instruct-GGUF",
            "smollm2-360m-instruct-q8_0.gguf",
            new Size(386_000_000L, 81_920, 8_192),
            "Apache-2.0"),
    TINYLLAMA_1_1B(
            "tinyllama-1.1b-chat",
            "TheBloke/TinyLlama-1.1B-Chat-v1.0-GGUF",
            "tinyllama-1.1b-chat-v1.0.Q8_0.gguf",
            new Size(1_170_000_000L, 45_056, 2_048),
            "Apache-2.0"),
    LLAMA_3_2_1B(
            "llama-3.2-1b-instruct",
            "bartowski/Llama-3.2-1B-Instruct-GGUF",
            "Llama-3.2-1B-Instruct-Q8_0.gguf",
            new Size(1_320_000_000L, 65_536, 131_072),
            "Llama 3.2 Community"),
    SMOLLM2_1_7B(
            "smollm2-1.7b-instruct",
            "bartowski/SmolLM2-1.7B-Instruct-GGUF",
            "SmolLM2-1.7B-Instruct-Q8_0.gguf",
            new Size(1_820_000_000L, 393_216, 8_192),
            "Apache-2.0"),
    LLAMA_3_2_3B(
            "llama-3.2-3b-instruct",
            "bartowski/Llama-3.2-3B-Instruct-GGUF",
            "Llama-3.2-3B-Instruct-Q8_0.gguf",
            new Size(3_420_000_000L, 229_376, 131_072),
            "Llama 3.2 Community");

    /// The hub that all of them are on.
    public static final String HUB = "https://huggingface.co/";

    private static final long JVM_BYTES = 500_000_000L;
    private static final long SEQUENCES = 8;
    private static final long POSITIONS = 2_048;

    /// @param file          bytes of the file, rounded
    /// @param cachePerToken bytes of keys and values of one position, in f32
    /// @param context       positions that the model was trained for
    private record Size(long file, long cachePerToken, int context) {}

    private final String id;
    private final String address;
    private final Size size;
    private final String licence;

    KnownModel(String id, String repository, String file, Size size, String licence) {
        this.id = id;
        this.address = HUB + repository + "/resolve/main/" + file;
        this.size = size;
        this.licence = licence;
    }

    /// What it is called here.
    public String id() {
        return id;
    }

    public String address() {
        return address;
    }

    /// Bytes of the file, rounded.
    public long fileBytes() {
        return size.file();
    }

    public int context() {
        return size.context();
    }

    public String licence() {
        return licence;
    }

    /// Memory that a process needs, roughly: the weights, keys and values of eight sequences of 2,048 tokens, and
    /// the virtual machine's own.
    public long memoryBytes() {
        return size.file() + SEQUENCES * POSITIONS * size.cachePerToken() + JVM_BYTES;
    }

    public static Optional<KnownModel> of(String id) {
        return Arrays.stream(values())
                .filter(model -> model.id.equalsIgnoreCase(id))
                .findFirst();
    }

    public static List<String> ids() {
        return Arrays.stream(values()).map(KnownModel::id).toList();
    }
}
