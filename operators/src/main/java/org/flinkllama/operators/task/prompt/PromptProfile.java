package org.flinkllama.operators.task.prompt;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;

/// The prompts for a family of models: what is asked, in which words, and whether answers and summaries are bound to
/// the document. Read from a resource; a change of its words is a new version.
///
/// @param name       such as `starter`
/// @param version    from 1
/// @param system     the system message; empty for none
/// @param title      what stands before a document that has a title
/// @param notStated  what the model says where the document does not answer
/// @param templates  one for every [Use]
public record PromptProfile(
        String name,
        int version,
        WhiteSpace whiteSpace,
        Output output,
        String system,
        Template title,
        String notStated,
        Map<Use, Template> templates) {
    /// For the bundled model.
    public static final String STARTER = "starter";
    /// For models that follow instructions.
    public static final String INSTRUCT = "instruct";
    /// Chooses by the name of the chat template.
    public static final String AUTO = "auto";

    private static final Map<String, Integer> CURRENT = Map.of(STARTER, 1, INSTRUCT, 1);
    private static final String STARTER_CHAT_TEMPLATE = "flink-llama";

    /// What a prompt is for.
    public enum Use {
        SUMMARY("summary", Set.of("document")),
        SUMMARY_OF_PARTS("summary-of-parts", Set.of("document")),
        SENTIMENT("sentiment", Set.of("document", "labels")),
        QUESTION("question", Set.of("document", "question")),
        CUSTOM("custom", Set.of("document", "instruction"));

        private final String key;
        private final Set<String> places;

        Use(String key, Set<String> places) {
            this.key = key;
            this.places = places;
        }
    }

    /// How a model reads white space.
    public enum WhiteSpace {
        AS_WRITTEN,
        COLLAPSED
    }

    /// Where answers and summaries come from.
    public enum Output {
        /// Stretches of the document, chosen by the model.
        GROUNDED,
        /// Written by the model.
        GENERATED
    }

    public PromptProfile {
        templates = Map.copyOf(templates);
        if (!templates.keySet().equals(Set.of(Use.values()))) {
            throw new IllegalArgumentException("Profile '" + name + "' has templates for " + templates.keySet()
                    + "; expected one for each of " + List.of(Use.values()) + ".");
        }
    }

    /// Names that a user may give.
    public static List<String> names() {
        return List.of(AUTO, STARTER, INSTRUCT);
    }

    /// The profile of this name, or for [#AUTO] the one that fits the chat template.
    public static PromptProfile chosen(String name, String chatTemplate) {
        return switch (name) {
            case AUTO -> current(chatTemplate.equals(STARTER_CHAT_TEMPLATE) ? STARTER : INSTRUCT);
            case STARTER, INSTRUCT -> current(name);
            default ->
                throw new IllegalArgumentException(
                        "Option 'profile' is '" + name + "'; expected one of " + String.join(", ", names()) + ".");
        };
    }

    /// Name and version, as provenance has it: `starter/1`.
    public String id() {
        return name + "/" + version;
    }

    private static PromptProfile current(String name) {
        int version = CURRENT.get(name);
        String resource = name + "-" + version + ".properties";
        Properties properties = new Properties();
        try (InputStream stream = PromptProfile.class.getResourceAsStream(resource)) {
            if (stream == null) {
                throw new IllegalStateException("Prompt profile '" + resource + "' is not on the class path.");
            }
            Reader reader = new InputStreamReader(stream, StandardCharsets.UTF_8);
            properties.load(reader);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Map<Use, Template> templates = new EnumMap<>(Use.class);
        for (Use use : Use.values()) {
            templates.put(use, new Template(required(properties, use.key, resource), use.places));
        }
        return new PromptProfile(
                name,
                version,
                WhiteSpace.valueOf(required(properties, "white-space", resource)),
                Output.valueOf(required(properties, "output", resource)),
                required(properties, "system", resource),
                new Template(required(properties, "title", resource), Set.of("title")),
                required(properties, "not-stated", resource),
                templates);
    }

    private static String required(Properties properties, String key, String resource) {
        String value = properties.getProperty(key);
        if (value == null) {
            throw new IllegalStateException("Prompt profile '" + resource + "' has no '" + key + "'.");
        }
        return value;
    }
}
