package org.flinkllama.model.chat;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.flinkllama.model.gguf.GgufMetadata;

/// The templates that are known, and which of them a model file wants. A file's own template, a Jinja program, is
/// searched for distinctive markers and never executed.
public final class ChatTemplates {
    private static final String TEMPLATE = "tokenizer.chat_template";
    private static final String TOKENS = "tokenizer.ggml.tokens";
    private static final String TYPES = "tokenizer.ggml.token_type";
    // Real templates have up to some 10,000 characters; markers stand in all of them well before this.
    private static final int SEARCHED_LENGTH = 100_000;
    private static final int CONTROL = 3;
    private static final int USER_DEFINED = 4;

    private static final ChatTemplate FLINK_LLAMA = new FlinkLlamaTemplate();
    private static final ChatTemplate LLAMA_2 = new Llama2Template();
    private static final ChatTemplate LLAMA_3 = new Llama3Template();
    private static final ChatTemplate CHAT_ML = new ChatMlTemplate();
    private static final ChatTemplate ZEPHYR = new ZephyrTemplate();
    private static final List<ChatTemplate> ALL = List.of(FLINK_LLAMA, LLAMA_2, LLAMA_3, CHAT_ML, ZEPHYR);

    private ChatTemplates() {}

    /// Names of all templates.
    public static List<String> names() {
        return ALL.stream().map(ChatTemplate::name).toList();
    }

    public static Optional<ChatTemplate> named(String name) {
        return ALL.stream().filter(template -> template.name().equals(name)).findFirst();
    }

    /// The template that a model file wants: by the markers of its own template, or where it has none by the
    /// control tokens of its vocabulary. Empty where neither is known.
    public static Optional<ChatTemplate> detect(GgufMetadata metadata) {
        Set<String> controls = controlTokens(metadata);
        return metadata.string(TEMPLATE)
                .map(source -> byMarkers(source.substring(0, Math.min(source.length(), SEARCHED_LENGTH)), controls))
                .orElseGet(() -> byControlTokens(controls));
    }

    private static Optional<ChatTemplate> byMarkers(String source, Set<String> controls) {
        if (source.contains("<|start_header_id|>")) {
            return Optional.of(LLAMA_3);
        }
        if (source.contains("<|im_start|>")) {
            return Optional.of(CHAT_ML);
        }
        // Mistral's templates have [INST] too, without <<SYS>>, and other spaces.
        if (source.contains("[INST]") && source.contains("<<SYS>>")) {
            return Optional.of(LLAMA_2);
        }
        if (source.contains("<|user|>") && source.contains("<|assistant|>")) {
            return byEndOfTurn(source, controls);
        }
        return Optional.empty();
    }

    // Phi's and Falcon's templates have the same markers and end turns otherwise: neither of the two here.
    private static Optional<ChatTemplate> byEndOfTurn(String source, Set<String> controls) {
        if (source.contains("<|user|>{{") && source.contains("<|end|>")) {
            return Optional.of(FLINK_LLAMA);
        }
        boolean ends = source.contains("eos_token") || source.contains("</s>");
        return ends && controls.contains("</s>") && !source.contains("<|end|>")
                ? Optional.of(ZEPHYR)
                : Optional.empty();
    }

    private static Optional<ChatTemplate> byControlTokens(Set<String> controls) {
        if (controls.contains("<|start_header_id|>")) {
            return Optional.of(LLAMA_3);
        }
        if (controls.contains("<|im_start|>")) {
            return Optional.of(CHAT_ML);
        }
        boolean own = controls.containsAll(Set.of("<s>", "<|user|>", "<|assistant|>", "<|end|>"));
        return own && !controls.contains("<|system|>") ? Optional.of(FLINK_LLAMA) : Optional.empty();
    }

    private static Set<String> controlTokens(GgufMetadata metadata) {
        String[] pieces = metadata.strings(TOKENS).orElse(new String[0]);
        long[] types = metadata.integers(TYPES).orElse(new long[0]);
        Set<String> controls = new HashSet<>();
        for (int token = 0; token < Math.min(pieces.length, types.length); token++) {
            if (types[token] == CONTROL || types[token] == USER_DEFINED) {
                controls.add(pieces[token]);
            }
        }
        return controls;
    }
}
