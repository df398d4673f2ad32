package org.flinkllama.operators.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.flinkllama.operators.SampleRecords;
import org.flinkllama.operators.reject.RecordRejectedException;
import org.flinkllama.schemas.v1.Document;
import org.flinkllama.schemas.v1.Stage;
import org.junit.jupiter.api.Test;

class DocumentRulesTest {
    private final Document document = SampleRecords.document("Grüße 你好 😀");

    @Test
    void takesADocumentOfTheLongestLength() {
        assertThatNoException().isThrownBy(() -> DocumentRules.check(document, 11));
    }

    @Test
    void refusesADocumentThatIsTooLong() {
        assertThat(message(10)).contains("has 11 characters; expected at most 10");
    }

    @Test
    void refusesAnEmptyIdTextOrQuestion() {
        document.setId(" ");
        assertThat(message(100)).startsWith("Field 'id' is empty");
        document.setId("a");
        document.setText(" \n");
        assertThat(message(100)).startsWith("Field 'text' is empty");
        document.setText("a");
        document.setQuestions(List.of("Who?", ""));
        assertThat(message(100)).startsWith("Field 'questions' has an empty question");
        document.setQuestions(Collections.nCopies(65, "Who?"));
        assertThat(message(100)).startsWith("Field 'questions' has 65 questions; expected at most 64");
    }

    @Test
    void refusesHalfASurrogatePairAnywhere() {
        document.setAttributes(Map.of("kind", "\uDE00"));
        assertThat(message(100)).startsWith("Field 'attributes' has half of a surrogate pair at character 0");
        document.setText("ab\uD83D");
        assertThat(message(100)).startsWith("Field 'text' has half of a surrogate pair at character 2");
        document.setText("ab\uDE00\uD83D");
        assertThat(message(100)).startsWith("Field 'text' has half of a surrogate pair at character 2");
    }

    private String message(int maxCharacters) {
        RecordRejectedException rejected =
                catchThrowableOfType(RecordRejectedException.class, () -> DocumentRules.check(document, maxCharacters));
        assertThat(rejected.rejection().stage()).isEqualTo(Stage.VALIDATE);
        return rejected.getMessage();
    }
}
