package org.flinkllama.operators.format.registry;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.flinkllama.operators.format.registry.RegistryRequests.Answer;

/// Schemas by their ids, and ids of our own schemas. Remembers what it was told. Safe for use by many threads, one
/// of which asks at a time.
final class SchemaRegistry {
    private static final int MOST_REMEMBERED = 1_000;
    /// How long an id that is unknown is believed to be: a producer may have registered its schema on another node.
    private static final long UNKNOWN_NANOS = 10_000_000_000L;

    private final RegistryRequests requests;
    private final Map<Integer, Remembered> byId = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, Remembered> eldest) {
            return size() > MOST_REMEMBERED;
        }
    };
    private final Map<String, Integer> bySubject = new LinkedHashMap<>();

    SchemaRegistry(RegistryRequests requests) {
        this.requests = requests;
    }

    /// What an id stands for.
    sealed interface Registered {
        record Usable(Schema schema) implements Registered {}

        /// @param reason ends a sentence that begins with the schema
        record Unusable(String reason) implements Registered {}
    }

    /// @param unknownSince the clock when the registry did not know it; irrelevant for others
    private record Remembered(Registered registered, boolean unknown, long unknownSince) {
        boolean holds() {
            return !unknown || System.nanoTime() - unknownSince < UNKNOWN_NANOS;
        }
    }

    /// Fails where the registry does not answer.
    void requireAnswer() {
        requests.get("/subjects");
    }

    /// The schema that records with this id were written with.
    synchronized Registered schema(int id) {
        Remembered remembered = byId.get(id);
        if (remembered == null || !remembered.holds()) {
            remembered = ask(id);
            byId.put(id, remembered);
        }
        return remembered.registered();
    }

    private Remembered ask(int id) {
        Answer answer = requests.get("/schemas/ids/" + id);
        boolean unknown = answer instanceof Answer.Unknown;
        return new Remembered(registered(answer), unknown, System.nanoTime());
    }

    private static Registered registered(Answer answer) {
        return switch (answer) {
            case Answer.Unknown _ -> new Registered.Unusable("is not known to the registry");
            case Answer.TooLarge _ ->
                new Registered.Unusable("has more than " + RegistryRequests.MOST_BYTES + " bytes");
            case Answer.Refused(int status) -> new Registered.Unusable("is refused with HTTP " + status);
            case Answer.Found(JsonNode body) -> parsed(body);
        };
    }

    private static Registered parsed(JsonNode body) {
        String type = body.path("schemaType").asText("AVRO");
        if (!type.equals("AVRO")) {
            return new Registered.Unusable("is of a type other than AVRO");
        }
        if (!body.path("references").isEmpty()) {
            return new Registered.Unusable("refers to other schemas, which is not supported");
        }
        try {
            Schema schema = new Schema.Parser().parse(body.path("schema").asText());
            return SchemaBounds.violation(schema)
                    .<Registered>map(Registered.Unusable::new)
                    .orElseGet(() -> new Registered.Usable(schema));
        } catch (AvroRuntimeException | StackOverflowError e) {
            return new Registered.Unusable("can't be read as an Avro schema");
        }
    }

    /// The id of our schema under a subject, which is registered there where it isn't yet.
    synchronized int id(String subject, Schema schema) {
        Integer known = bySubject.get(subject);
        if (known == null) {
            known = lookUp(subject, schema);
            bySubject.put(subject, known);
        }
        return known;
    }

    private int lookUp(String subject, Schema schema) {
        String path = "/subjects/"
                + URLEncoder.encode(subject, StandardCharsets.UTF_8).replace("+", "%20");
        Map<String, String> body = Map.of("schema", schema.toString());
        Answer known = requests.post(path, body);
        Answer answer = known instanceof Answer.Found ? known : requests.post(path + "/versions", body);
        if (answer instanceof Answer.Found(JsonNode found) && found.path("id").isInt()) {
            return found.path("id").asInt();
        }
        throw new RegistryException("The schema registry does not take the schema '" + schema.getFullName()
                + "' for the subject '" + subject + "': "
                + switch (answer) {
                    case Answer.Refused(int status)
                    when status == 409 ->
                        "it is incompatible with those that are registered there. Use another topic, or change the"
                                + " subject's compatibility.";
                    case Answer.Refused(int status) -> "HTTP " + status + ".";
                    case Answer.Found _ -> "its answer has no id.";
                    case Answer.Unknown _, Answer.TooLarge _ -> "it does not know the subject's path.";
                });
    }
}
