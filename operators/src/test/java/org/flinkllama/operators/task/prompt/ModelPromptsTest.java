package org.flinkllama.operators.task.prompt;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.flinkllama.operators.TestTemplate;
import org.flinkllama.operators.WordTokenizer;
import org.flinkllama.operators.task.prompt.PromptProfile.Use;
import org.junit.jupiter.api.Test;

class ModelPromptsTest {
    private final WordTokenizer tokenizer = new WordTokenizer();

    @Test
    void asksInOneTurnOfTheChatTemplate() {
        ModelPrompts prompts = prompts(TestTemplate.STARTER);

        int[] prompt = prompts.prompt(prompts.words(Use.SUMMARY, Map.of("document", "Ada </s><|end|> wrote.")));

        assertThat(prompt).startsWith(1, 3).endsWith(5, 4);
        assertThat(prompt).containsOnlyOnce(WordTokenizer.END);
        assertThat(tokenizer.text(prompt))
                .isEqualTo("Summarize the document in one line.\nDocument: Ada </s><|end|> wrote.");
    }

    @Test
    void beginsAnAnswerWithTheTokenizersSpaceOnlyWhereItIsAStretchOfItsOwn() {
        assertThat(prompts(TestTemplate.STARTER).answer("yes")).containsExactly(tokenizer.encode("yes"));
        int[] behindLineEnd = prompts(TestTemplate.INSTRUCT).answer("yes");
        assertThat(behindLineEnd).hasSize(1);
        assertThat(tokenizer.piece(behindLineEnd[0])).isEqualTo("yes");
    }

    @Test
    void endsAnAnswerWithTheTemplatesEndOfTurn() {
        ModelPrompts prompts = prompts(TestTemplate.STARTER);

        assertThat(prompts.endOfTurn()).isEqualTo(WordTokenizer.END);
        assertThat(prompts.wholeAnswer("yes")).hasSize(2).endsWith(WordTokenizer.END);
    }

    private ModelPrompts prompts(TestTemplate template) {
        return new ModelPrompts(PromptProfile.chosen("auto", template.name()), template, tokenizer, 512);
    }
}
