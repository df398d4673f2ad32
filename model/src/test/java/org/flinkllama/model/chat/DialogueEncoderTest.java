package org.flinkllama.model.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.flinkllama.model.tokenizer.RandomTexts;
import org.flinkllama.model.tokenizer.Tokenizer;
import org.flinkllama.model.tokenizer.Vocabularies;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DialogueEncoderTest {
    @ParameterizedTest
    @MethodSource("org.flinkllama.model.chat.ChatTemplates#names")
    void putsTheTokensAroundAnAnswerThatTheWholeChatHas(String name) {
        ChatTemplate template = ChatTemplates.named(name).orElseThrow();
        Tokenizer tokenizer = PromptEncoderTest.tokenizer(name);
        DialogueEncoder encoder = new DialogueEncoder(template, tokenizer);
        List<String> texts = new ArrayList<>();
        RandomTexts.forEach(400, texts::add);
        for (int index = 0; index + 3 < texts.size(); index++) {
            List<Message> first = List.of(Message.system(texts.get(index)), Message.user(texts.get(index + 1)));
            List<Message> both = new ArrayList<>(first);
            both.add(Message.assistant(PromptEncoderTest.answer(texts.get(index + 2))));
            both.add(Message.user(texts.get(index + 3)));

            assertThat(PromptEncoder.encode(template.render(both), tokenizer))
                    .startsWith(encoder.opening(first))
                    .endsWith(encoder.next(texts.get(index + 3)));
        }
    }

    @Test
    void beginsTheSequenceOnceOnly() {
        Tokenizer tokenizer = PromptEncoderTest.tokenizer("flink-llama");
        DialogueEncoder encoder =
                new DialogueEncoder(ChatTemplates.named("flink-llama").orElseThrow(), tokenizer);
        int beginning = tokenizer.controlToken("<s>").orElseThrow();

        assertThat(encoder.opening(List.of(Message.user("hello")))).startsWith(beginning);
        assertThat(encoder.next("hello")).isNotEmpty().doesNotContain(beginning);
    }

    @Test
    void refusesATemplateThatCanNotBeContinued() {
        ChatTemplate endless = new ChatTemplate() {
            @Override
            public String name() {
                return "endless";
            }

            @Override
            public Prompt render(List<Message> messages) {
                PromptWriter writer = new PromptWriter();
                messages.forEach(message -> writer.text(message.content() + ";"));
                return writer.prompt();
            }
        };
        Tokenizer tokenizer = Vocabularies.stories().tokenizer();

        assertThatThrownBy(() -> new DialogueEncoder(endless, tokenizer).next("more"))
                .hasMessageContaining("'endless'");
    }
}
