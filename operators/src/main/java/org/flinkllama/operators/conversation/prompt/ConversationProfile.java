package org.flinkllama.operators.conversation.prompt;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.flinkllama.operators.task.prompt.PromptProfile;
import org.flinkllama.operators.task.prompt.PromptProfile.WhiteSpace;
import org.flinkllama.operators.task.prompt.Template;

/// How a family of models is talked to. Read from a resource; a change of its words is a new version.
///
/// @param name       such as `starter`; the names are those of [PromptProfile]
/// @param version    from 1
/// @param whiteSpace how the model reads that of a document
/// @param system     the system message where the user gives none; empty for none
/// @param templates  one for every [Use]
public record ConversationProfile(
        String name, int version, WhiteSpace whiteSpace, String system, Map<Use, Template> templates) {
    private static final Map<String, Integer> CURRENT = Map.of(PromptProfile.STARTER, 1, PromptProfile.INSTRUCT, 1);

    /// What words are for.
    public enum Use {
        /// A message in a conversation without a document.
        MESSAGE("message", Set.of("message")),
        /// The first message of a conversation about a document.
        MESSAGE_WITH_DOCUMENT("message-with-document", Set.of("document", "message")),
        /// A later message of such a conversation.
        MESSAGE_BEHIND_DOCUMENT("message-behind-document", Set.of("message")),
        /// In front of the first message, where earlier ones were summarised.
        EARLIER("earlier", Set.of("summary")),
        /// Asks for such a summary.
        SUMMARIZE("summarize", Set.of("conversation")),
        LINE_OF_USER("line-of-user", Set.of("message")),
        LINE_OF_ASSISTANT("line-of-assistant", Set.of("message"));

        private final String key;
        private final Set<String> places;

        Use(String key, Set<String> places) {
            this.key = key;
            this.places = places;
        }
    }

    public ConversationProfile {
        templates = Map.copyOf(templates);
    }

    /// The profile of this name, or for `auto` the one that fits the chat template.
    public static ConversationProfile chosen(String name, String chatTemplate) {
        String chosen = PromptProfile.chosen(name, chatTemplate).name();
        return read(chosen, CURRENT.get(chosen));
    }

    /// Name and version, as provenance has it: `conversation-starter/1`.
    public String id() {
        return "conversation-" + name + "/" + version;
    }

    String words(Use use, Map<String, String> values) {
        return templates.get(use).fill(values);
    }

    private static ConversationProfile read(String name, int version) {
        String resource = name + "-" + version + ".properties";
        Properties properties = new Properties();
        try (InputStream stream = ConversationProfile.class.getResourceAsStream(resource)) {
            if (stream == null) {
                throw new IllegalStateException("Conversation profile '" + resource + "' is not on the class path.");
            }
            properties.load(new InputStreamReader(stream, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Map<Use, Template> templates = new EnumMap<>(Use.class);
        for (Use use : Use.values()) {
            templates.put(use, new Template(required(properties, use.key, resource), use.places));
        }
        return new ConversationProfile(
                name,
                version,
                WhiteSpace.valueOf(required(properties, "white-space", resource)),
                required(properties, "system", resource),
                templates);
    }

    private static String required(Properties properties, String key, String resource) {
        String value = properties.getProperty(key);
        if (value == null) {
            throw new IllegalStateException("Conversation profile '" + resource + "' has no '" + key + "'.");
        }
        return value;
    }
}
