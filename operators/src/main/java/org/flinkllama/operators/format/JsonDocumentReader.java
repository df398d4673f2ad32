package org.flinkllama.operators.format;

import static org.flinkllama.operators.format.RecordValue.unreadable;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.flinkllama.operators.reject.RecordRejectedException;
import org.flinkllama.schemas.v1.Document;
import org.flinkllama.schemas.v1.InputRecord;

/// Reads documents written as one JSON object in UTF-8. Types are taken strictly: a number is no string, an unknown
/// or repeated field is refused, so that a misspelt field is found at once and not months later.
public final class JsonDocumentReader implements DocumentReader {
    private static final long serialVersionUID = 1L;

    private static final List<String> FIELDS =
            List.of("id", "text", "title", "language", "eventTime", "questions", "attributes", "tenant");
    /// Field names that look like names are told in messages; anything else could be a document's text.
    private static final Pattern FIELD_NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_.-]{0,31}");

    private static final ObjectReader OBJECT_READER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build()
            .readerFor(JsonNode.class);

    @Override
    public Document read(InputRecord record) throws RecordRejectedException {
        JsonNode object = parse(characters(RecordValue.of(record)));
        if (!object.isObject()) {
            throw unreadable("The value is " + kind(object) + "; expected one JSON object with 'id' and 'text'.");
        }
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            if (!FIELDS.contains(field.getKey())) {
                throw unreadable(name(field.getKey()) + " is not one of " + String.join(", ", FIELDS)
                        + "; put fields of your own under 'attributes'.");
            }
        }
        return Document.newBuilder()
                .setId(required(object, "id"))
                .setText(required(object, "text"))
                .setTitle(optional(object, "title"))
                .setLanguage(optional(object, "language"))
                .setEventTime(eventTime(object.path("eventTime")))
                .setQuestions(questions(object.path("questions")))
                .setAttributes(attributes(object.path("attributes")))
                .setTenant(optional(object, "tenant"))
                .build();
    }

    private static CharBuffer characters(byte[] value) throws RecordRejectedException {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(value));
        } catch (CharacterCodingException e) {
            throw unreadable(e, "The value is not UTF-8; expected a JSON object in UTF-8.");
        }
    }

    private static JsonNode parse(CharBuffer characters) throws RecordRejectedException {
        try {
            return OBJECT_READER.readTree(characters.toString());
        } catch (JsonProcessingException e) {
            JsonLocation location = e.getLocation();
            String where =
                    location == null ? "" : " at line " + location.getLineNr() + ", column " + location.getColumnNr();
            throw unreadable(e, "The value is not readable as JSON" + where + "; expected one JSON object.");
        }
    }

    private static String required(JsonNode object, String field) throws RecordRejectedException {
        if (!object.has(field)) {
            throw unreadable("Field '" + field + "' is missing; expected a string.");
        }
        return string(object.get(field), "Field '" + field + "'");
    }

    private static String optional(JsonNode object, String field) throws RecordRejectedException {
        JsonNode value = object.path(field);
        return value.isMissingNode() || value.isNull() ? null : string(value, "Field '" + field + "'");
    }

    private static String string(JsonNode value, String where) throws RecordRejectedException {
        if (!value.isTextual()) {
            throw unreadable(where + " is " + kind(value) + "; expected a string.");
        }
        return value.textValue();
    }

    private static Instant eventTime(JsonNode value) throws RecordRejectedException {
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        String expected = "; expected a time such as '2026-01-31T12:00:00Z' or milliseconds since 1970.";
        if (value.isIntegralNumber() && value.canConvertToLong()) {
            return Instant.ofEpochMilli(value.longValue());
        }
        if (!value.isTextual()) {
            throw unreadable("Field 'eventTime' is " + kind(value) + expected);
        }
        try {
            return Instant.ofEpochMilli(Instant.parse(value.textValue()).toEpochMilli());
        } catch (DateTimeException | ArithmeticException e) {
            throw unreadable(e, "Field 'eventTime' is a string that is no time" + expected);
        }
    }

    private static List<String> questions(JsonNode value) throws RecordRejectedException {
        List<String> questions = new ArrayList<>();
        if (value.isMissingNode() || value.isNull()) {
            return questions;
        }
        if (!value.isArray()) {
            throw unreadable("Field 'questions' is " + kind(value) + "; expected an array of strings.");
        }
        for (JsonNode question : value) {
            questions.add(string(question, "Element " + questions.size() + " of field 'questions'"));
        }
        return questions;
    }

    private static Map<String, String> attributes(JsonNode value) throws RecordRejectedException {
        Map<String, String> attributes = new LinkedHashMap<>();
        if (value.isMissingNode() || value.isNull()) {
            return attributes;
        }
        if (!value.isObject()) {
            throw unreadable("Field 'attributes' is " + kind(value) + "; expected an object with strings.");
        }
        for (Map.Entry<String, JsonNode> attribute : value.properties()) {
            attributes.put(
                    attribute.getKey(),
                    string(attribute.getValue(), name(attribute.getKey()) + " of field 'attributes'"));
        }
        return attributes;
    }

    private static String name(String field) {
        return FIELD_NAME.matcher(field).matches() ? "Field '" + field + "'" : "A field";
    }

    private static String kind(JsonNode value) {
        return switch (value.getNodeType()) {
            case ARRAY -> "an array";
            case OBJECT, POJO -> "an object";
            case NUMBER -> "a number";
            case STRING, BINARY -> "a string";
            case BOOLEAN -> "a boolean";
            case NULL -> "null";
            case MISSING -> "empty";
        };
    }
}
