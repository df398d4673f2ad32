package org.flinkllama.jobs.archive.read;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.flinkllama.jobs.archive.file.Entry;

/// Documents as the JSON objects that they are on a topic.
final class DocumentJson {
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
            .build();

    private DocumentJson() {}

    /// Fields in their order; questions and attributes behind them where there are any.
    static byte[] write(Map<String, String> fields, List<String> questions, Map<String, String> attributes) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
        try (JsonGenerator json = FACTORY.createGenerator(bytes)) {
            json.writeStartObject();
            for (Map.Entry<String, String> field : fields.entrySet()) {
                json.writeStringField(field.getKey(), field.getValue());
            }
            if (!questions.isEmpty()) {
                json.writeArrayFieldStart("questions");
                for (String question : questions) {
                    json.writeString(question);
                }
                json.writeEndArray();
            }
            if (!attributes.isEmpty()) {
                json.writeObjectFieldStart("attributes");
                for (Map.Entry<String, String> attribute : attributes.entrySet()) {
                    json.writeStringField(attribute.getKey(), attribute.getValue());
                }
                json.writeEndObject();
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /// A document of a text.
    static byte[] text(String id, String text) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("id", id);
        fields.put("text", text);
        return write(fields, List.of(), Map.of());
    }

    /// An entry of a line as it is; with `derivedId` put in front where it is an object without an id. What is no
    /// object stays as it is: whoever reads documents says why it is none.
    static Entry entry(long number, byte[] line, String derivedId) {
        boolean object = false;
        try (JsonParser json = FACTORY.createParser(line)) {
            object = json.nextToken() == JsonToken.START_OBJECT;
            boolean empty = true;
            while (object && json.nextToken() == JsonToken.FIELD_NAME) {
                empty = false;
                boolean id = json.currentName().equals("id");
                JsonToken value = json.nextToken();
                if (id) {
                    return Entry.document(number, value == JsonToken.VALUE_STRING ? json.getText() : null, line);
                }
                json.skipChildren();
            }
            return object && json.currentToken() == JsonToken.END_OBJECT
                    ? Entry.document(number, derivedId, withId(line, derivedId, empty))
                    : Entry.document(number, null, line);
        } catch (IOException broken) {
            return Entry.document(number, null, line);
        }
    }

    private static byte[] withId(byte[] object, String id, boolean empty) {
        int brace = 0;
        while (object[brace] != '{') {
            brace++;
        }
        byte[] field = ("{\"id\":\""
                        + new String(JsonStringEncoder.getInstance().quoteAsString(id)) + (empty ? "\"" : "\","))
                .getBytes(StandardCharsets.UTF_8);
        byte[] joined = new byte[field.length + object.length - brace - 1];
        System.arraycopy(field, 0, joined, 0, field.length);
        System.arraycopy(object, brace + 1, joined, field.length, object.length - brace - 1);
        return joined;
    }

    /// Bytes as text; empty where they are not UTF-8.
    static Optional<String> decode(byte[] bytes) {
        try {
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }
}
