package org.flinkllama.operators.task.prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Set;
import org.flinkllama.operators.task.prompt.PromptProfile.Use;
import org.junit.jupiter.api.Test;

class PromptProfileTest {
    @Test
    void asksTheBundledModelInTheWordsItWasTrainedWith() {
        PromptProfile profile = PromptProfile.chosen("auto", "flink-llama");

        assertThat(profile.id()).isEqualTo("starter/1");
        assertThat(profile.templates()
                        .get(Use.SENTIMENT)
                        .fill(Map.of("labels", "positive, negative or neutral", "document", "Good.")))
                .isEqualTo("Classify the sentiment as positive, negative or neutral.\nDocument: Good.");
        assertThat(profile.templates().get(Use.QUESTION).fill(Map.of("question", "Who?", "document", "Ada.")))
                .isEqualTo("Answer the question from the document.\nDocument: Ada.\nQuestion: Who?");
        assertThat(profile.templates().get(Use.SUMMARY).fill(Map.of("document", "Ada.")))
                .isEqualTo("Summarize the document in one line.\nDocument: Ada.");
    }

    @Test
    void asksOtherModelsAsInstructModels() {
        PromptProfile profile = PromptProfile.chosen("auto", "llama3");

        assertThat(profile.id()).isEqualTo("instruct/1");
        assertThat(profile.templates().values()).allMatch(template -> template.has("document"));
        assertThat(profile.templates().get(Use.QUESTION).fill(Map.of("question", "Who?", "document", "Ada.")))
                .contains(profile.notStated())
                .endsWith("Document:\nAda.\n\nQuestion: Who?");
    }

    @Test
    void letsTheUserChoose() {
        assertThat(PromptProfile.chosen("starter", "llama3").id()).isEqualTo("starter/1");
        assertThatThrownBy(() -> PromptProfile.chosen("best", "llama3"))
                .hasMessage("Option 'profile' is 'best'; expected one of auto, starter, instruct.");
    }

    @Test
    void putsValuesInOnceAndLeavesOtherBracesAlone() {
        Template template = new Template("As {\"a\": 1}: {document} {x} {document}", Set.of("document"));

        assertThat(template.fill(Map.of("document", "$1 \\ {document}")))
                .isEqualTo("As {\"a\": 1}: $1 \\ {document} {x} $1 \\ {document}");
    }
}
