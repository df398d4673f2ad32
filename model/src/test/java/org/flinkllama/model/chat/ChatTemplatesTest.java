package org.flinkllama.model.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import org.flinkllama.model.gguf.GgufMetadata;
import org.flinkllama.model.tokenizer.Vocabularies;
import org.junit.jupiter.api.Test;

class ChatTemplatesTest {
    private static Optional<String> detected(String jinja) {
        return detected(Vocabularies.sentencePieceOfBytes().with("tokenizer.chat_template", jinja));
    }

    private static Optional<String> detected(Vocabularies vocabulary) {
        return ChatTemplates.detect(vocabulary.metadata()).map(ChatTemplate::name);
    }

    @Test
    void findsEveryTemplateByItsName() {
        assertThat(ChatTemplates.names()).containsExactly("flink-llama", "llama2", "llama3", "chatml", "zephyr");
        assertThat(ChatTemplates.names()).allSatisfy(name -> assertThat(
                        ChatTemplates.named(name).orElseThrow().name())
                .isEqualTo(name));
        assertThat(ChatTemplates.named("vicuna")).isEmpty();
    }

    @Test
    void recognisesTheTemplateOfAFileByItsMarkers() {
        assertThat(detected("{{ '<|start_header_id|>' + role + '<|end_header_id|>\n\n' }}"))
                .contains("llama3");
        assertThat(detected("{{ '<|im_start|>' + message['role'] }}")).contains("chatml");
        assertThat(detected("{{ '[INST] <<SYS>>\n' + system + '\n<</SYS>>' }}")).contains("llama2");
        assertThat(detected("{{ '<|user|>\n' + text + eos_token }}{{ '<|assistant|>' }}"))
                .contains("zephyr");
        assertThat(detected("<|user|>{{ text }}<|end|><|assistant|>{{ text }}")).contains("flink-llama");
    }

    @Test
    void recognisesNoneInTemplatesThatOnlyLookAlike() {
        assertThat(detected("{{ '[INST] ' + text + ' [/INST]' }}")).isEmpty();
        assertThat(detected("{{ '<|user|>\n' + text + '<|end|>\n' + '<|assistant|>\n' + eos_token }}"))
                .isEmpty();
        assertThat(detected("USER: {{ text }} ASSISTANT:")).isEmpty();
        assertThat(detected(Vocabularies.byteLevel("llama-bpe")
                        .control("<|endoftext|>")
                        .with("tokenizer.chat_template", "<|user|>\n<|assistant|>{{ eos_token }}")))
                .isEmpty();
    }

    @Test
    void looksAtTheVocabularyOnlyWhereTheFileHasNoTemplate() {
        assertThat(detected(Vocabularies.byteLevel("llama-bpe").control("<|start_header_id|>")))
                .contains("llama3");
        assertThat(detected(Vocabularies.byteLevel("smollm").control("<|im_start|>")))
                .contains("chatml");
        assertThat(detected(Vocabularies.sentencePieceOfBytes()
                        .control("<|user|>")
                        .control("<|assistant|>")
                        .control("<|end|>")))
                .contains("flink-llama");
        assertThat(detected(Vocabularies.byteLevel("smollm")
                        .control("<|im_start|>")
                        .with("tokenizer.chat_template", "{{ text }}")))
                .isEmpty();
        assertThat(detected(Vocabularies.byteLevel("smollm").piece("<|im_start|>", Vocabularies.NORMAL, 0)))
                .isEmpty();
        assertThat(ChatTemplates.detect(new GgufMetadata(Map.of()))).isEmpty();
    }

    @Test
    void searchesOnlyTheBeginningOfAnEndlessTemplate() {
        assertThat(detected(" ".repeat(1_000_000) + "<|im_start|>")).isEmpty();
    }
}
