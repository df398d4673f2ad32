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
import org.flinkllama.schemas.v1.InputRecord;

/// The fields of one JSON object in UTF-8. Types are taken strictly: a number is no string, an unknown or repeated
/// field is refused, so that a misspelt field is found at once and not months later.
public final class JsonFields {
    /// Field names that look like names are told in messages; anything else could be a document's text.
    private static final Pattern FIELD_NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_.-]{0,31}");

    private static final ObjectReader OBJECT_READER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build()
            .readerFor(JsonNode.class);

    private final JsonNode object;

    private JsonFields(JsonNode object) {
        this.object = object;
    }

    /// What a record's value may hold.
    ///
    /// @param noun     what it is called in messages, such as `document`
    /// @param required fields that it must have
    /// @param known    all fields that it may have
    /// @param advice   what to do with other fields
    public record Expected(String noun, List<String> required, List<String> known, String advice) {}

    /// @throws RecordRejectedException where the value is no such object; stage `DECODE`
    public static JsonFields of(InputRecord record, Expected expected) throws RecordRejectedException {
        JsonNode object = parse(characters(RecordValue.of(record, expected.noun())));
        if (!object.isObject()) {
            throw unreadable("The value is " + kind(object) + "; expected one JSON object with '"
                    + String.join("' and '", expected.required()) + "'.");
        }
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            if (!expected.known().contains(field.getKey())) {
                throw unreadable(name(field.getKey()) + " is not one of " + String.join(", ", expected.known()) + "; "
                        + expected.advice() + ".");
            }
        }
        return new JsonFields(object);
    }

    /// A string that must be there.
    public String required(String field) throws RecordRejectedException {
        if (!object.has(field)) {
            throw unreadable("Field '" + field + "' is missing; expected a string.");
        }
        return string(object.get(field), "Field '" + field + "'");
    }

    /// A string; null where there is none.
    public String optional(String field) throws RecordRejectedException {
        JsonNode value = object.path(field);
        return value.isMissingNode() || value.isNull() ? null : string(value, "Field '" + field + "'");
    }

    /// A time to the millisecond; null where there is none.
    public Instant time(String field) throws RecordRejectedException {
        JsonNode value = object.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        String expected = "; expected a time such as '2026-01-31T12:00:00Z' or milliseconds since 1970.";
        if (value.isIntegralNumber() && value.canConvertToLong()) {
            return Instant.ofEpochMilli(value.longValue());
        }
        if (!value.isTextual()) {
            throw unreadable("Field '" + field + "' is " + kind(value) + expected);
        }
        try {
            return Instant.ofEpochMilli(Instant.parse(value.textValue()).toEpochMilli());
        } catch (DateTimeException | ArithmeticException e) {
            throw unreadable("Field '" + field + "' is a string that is no time" + expected);
        }
    }

    /// An array of strings; empty where there is none.
    public List<String> strings(String field) throws RecordRejectedException {
        JsonNode value = object.path(field);
        List<String> strings = new ArrayList<>();
        if (value.isMissingNode() || value.isNull()) {
            return strings;
        }
        if (!value.isArray()) {
            throw unreadable("Field '" + field + "' is " + kind(value) + "; expected an array of strings.");
        }
        for (JsonNode element : value) {
            strings.add(string(element, "Element " + strings.size() + " of field '" + field + "'"));
        }
        return strings;
    }

    /// An object with strings, in its own order; empty where there is none.
    public Map<String, String> stringsByName(String field) throws RecordRejectedException {
        JsonNode value = object.path(field);
        Map<String, String> strings = new LinkedHashMap<>();
        if (value.isMissingNode() || value.isNull()) {
            return strings;
        }
        if (!value.isObject()) {
            throw unreadable("Field '" + field + "' is " + kind(value) + "; expected an object with strings.");
        }
        for (Map.Entry<String, JsonNode> entry : value.properties()) {
            strings.put(entry.getKey(), string(entry.getValue(), name(entry.getKey()) + " of field '" + field + "'"));
        }
        return strings;
    }

    private static CharBuffer characters(byte[] value) throws RecordRejectedException {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(value));
        } catch (CharacterCodingException e) {
            throw unreadable("The value is not UTF-8; expected a JSON object in UTF-8.");
        }
    }

    private static JsonNode parse(CharBuffer characters) throws RecordRejectedException {
        try {
            return OBJECT_READER.readTree(characters.toString());
        } catch (JsonProcessingException e) {
            JsonLocation location = e.getLocation();
            String where =
                    location == null ? "" : " at line " + location.getLineNr() + ", column " + location.getColumnNr();
            throw unreadable("The value is not readable as JSON" + where + "; expected one JSON object.");
        }
    }

    private static String string(JsonNode value, String where) throws RecordRejectedException {
        if (!value.isTextual()) {
            throw unreadable(where + " is " + kind(value) + "; expected a string.");
        }
        return value.textValue();
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
