package org.flinkllama.jobs.bench.documents;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.flinkllama.operators.task.prompt.ModelPrompts;
import org.flinkllama.operators.task.prompt.PromptProfile.Use;

/// Instruction and documents of short words, as long in a model's tokens as is asked for, or a few tokens longer.
public final class DocumentTexts {
    private static final List<String> WORDS = List.of(
            "the", "an", "in", "on", "he", "she", "is", "to", "it", "of", "and", "at", "or", "one", "two", "red", "sea",
            "sun", "day", "tea", "tin", "hat", "her", "his", "not", "ten", "old", "ear", "iron", "rain");

    private final ModelPrompts prompts;
    private final String instruction;
    private final int sharedTokens;

    DocumentTexts(ModelPrompts prompts, int sharedTokens) {
        this.prompts = prompts;
        StringBuilder words = new StringBuilder("Read");
        SplittableRandom random = new SplittableRandom(0);
        int shared = shared(words.toString());
        while (shared < sharedTokens) {
            add(words, random);
            shared = shared(words.toString());
        }
        this.instruction = words.toString();
        this.sharedTokens = shared;
    }

    public String instruction() {
        return instruction;
    }

    /// Tokens at the beginning of all prompts.
    public int sharedTokens() {
        return sharedTokens;
    }

    /// A document of this number, as a record's value. No two begin alike.
    ///
    /// @param promptTokens tokens of its prompt, roughly
    public byte[] document(long number, int promptTokens) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("id", "document-" + number)
                .put("text", "Number " + number + " " + words(number, promptTokens))
                .toString()
                .getBytes(StandardCharsets.UTF_8);
    }

    /// Words that make a prompt as long as it should be behind a number, the same for the same seed.
    public String words(long seed, int promptTokens) {
        SplittableRandom random = new SplittableRandom(seed);
        StringBuilder words = new StringBuilder("Number 100 and");
        int missing = promptTokens - prompt(instruction, words.toString()).length;
        while (missing > 0) {
            // A word is several tokens for some tokenizers: this many at once hardly make it too long.
            for (int word = 0; word <= missing / 8; word++) {
                add(words, random);
            }
            missing = promptTokens - prompt(instruction, words.toString()).length;
        }
        return words.substring("Number 100 ".length());
    }

    private static void add(StringBuilder words, SplittableRandom random) {
        words.append(' ').append(WORDS.get(random.nextInt(WORDS.size())));
    }

    private int shared(String words) {
        return Arrays.mismatch(prompt(words, "Red"), prompt(words, "Ten"));
    }

    private int[] prompt(String words, String document) {
        return prompts.prompt(prompts.words(Use.CUSTOM, Map.of("instruction", words, "document", document)));
    }
}
