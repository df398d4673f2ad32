package org.flinkllama.operators.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.List;
import java.util.Set;
import org.flinkllama.model.sampling.SamplingOptions;
import org.flinkllama.operators.task.Assignment.Task;
import org.junit.jupiter.api.Test;

class EnrichmentOptionsTest {
    private static final EnrichmentOptions OPTIONS = EnrichmentOptions.DEFAULT
            .withAssignment(Assignment.DEFAULT
                    .withTasks(Set.of(Task.ANSWERS, Task.SUMMARY))
                    .withQuestions(List.of("Who?", "When?"))
                    .withPrompts(List.of(new CustomPrompt("next-step", "What next?"))))
            .withSampling(new SamplingOptions(0.7f, 40, 0.9f, 0.05f, 1.1f, 42))
            .withMaxTokens(new TokenLimits(1, 2, 3))
            .withPrompting(new PromptChoice("instruct", "llama3"))
            .withMaxDocumentCharacters(500);

    @Test
    void namesEveryOptionAsTheCommandLineDoes() {
        assertThat(OPTIONS.asMap())
                .containsOnly(
                        entry("tasks", "summary,answers"),
                        entry("labels", "positive,negative,neutral"),
                        entry("questions", "Who?\nWhen?"),
                        entry("prompt.next-step", "What next?"),
                        entry("summary-max-tokens", "1"),
                        entry("answer-max-tokens", "2"),
                        entry("prompt-max-tokens", "3"),
                        entry("temperature", "0.7"),
                        entry("top-k", "40"),
                        entry("top-p", "0.9"),
                        entry("min-p", "0.05"),
                        entry("repetition-penalty", "1.1"),
                        entry("seed", "42"),
                        entry("profile", "instruct"),
                        entry("chat-template", "llama3"),
                        entry("max-document-characters", "500"));
    }

    @Test
    void travelsToTheTaskManagers() throws IOException, ClassNotFoundException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(OPTIONS);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            assertThat(in.readObject()).isEqualTo(OPTIONS);
        }
    }

    @Test
    void refusesOptionsThatAskForNothingOrForTheImpossible() {
        Assignment assignment = Assignment.DEFAULT;
        assertThatThrownBy(() -> assignment.withTasks(Set.of()))
                .hasMessageContaining("Options 'tasks' and 'prompt' are both empty");
        assertThatThrownBy(() -> assignment.withLabels(List.of("good")))
                .hasMessageContaining("Option 'labels' has 1 labels; expected 2 to 64");
        assertThatThrownBy(() -> assignment.withLabels(List.of("good", "good"))).hasMessageContaining("none twice");
        assertThatThrownBy(() -> assignment.withQuestions(List.of(""))).hasMessageContaining("Option 'questions'");
        CustomPrompt prompt = new CustomPrompt("a", "Do.");
        assertThatThrownBy(() -> assignment.withPrompts(List.of(prompt, prompt)))
                .hasMessage("Option 'prompt' gives a name twice in [a, a].");
        assertThatThrownBy(() -> new CustomPrompt("Next Step", "Do."))
                .hasMessageContaining("Option 'prompt' has the name 'Next Step'");
        assertThatThrownBy(() -> new TokenLimits(1, 0, 1))
                .hasMessage("Option 'answer-max-tokens' is 0; expected 1 or more.");
        assertThatThrownBy(() -> new PromptChoice("best", "auto")).hasMessageContaining("Option 'profile' is 'best'");
        assertThatThrownBy(() -> EnrichmentOptions.DEFAULT.withMaxDocumentCharacters(0))
                .hasMessageContaining("Option 'max-document-characters' is 0");
    }
}
