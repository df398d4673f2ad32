package org.flinkllama.operators.format;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import org.flinkllama.schemas.v1.Provenance;
import org.flinkllama.schemas.v1.SourcePosition;

/// Writes where an output came from so that equal values give equal bytes: entries of maps in order of their keys.
public final class ProvenanceFormat {
    private ProvenanceFormat() {}

    /// The same values with maps that are written in order.
    public static Provenance inOrder(Provenance provenance) {
        return new Provenance(
                provenance.getModelName(),
                provenance.getModelSha256(),
                provenance.getPromptVersion(),
                new TreeMap<>(provenance.getOptions()),
                provenance.getPromptTokens(),
                provenance.getCompletionTokens(),
                new TreeMap<>(provenance.getFinishReasons()),
                provenance.getSource());
    }

    /// Writes a JSON object.
    public static void write(JsonGenerator json, Provenance provenance) throws IOException {
        json.writeStartObject();
        json.writeStringField("modelName", provenance.getModelName());
        json.writeStringField("modelSha256", provenance.getModelSha256());
        json.writeStringField("promptVersion", provenance.getPromptVersion());
        strings(json, "options", provenance.getOptions());
        json.writeNumberField("promptTokens", provenance.getPromptTokens());
        json.writeNumberField("completionTokens", provenance.getCompletionTokens());
        json.writeObjectFieldStart("finishReasons");
        for (var reason : new TreeMap<>(provenance.getFinishReasons()).entrySet()) {
            json.writeStringField(reason.getKey(), reason.getValue().name());
        }
        json.writeEndObject();
        json.writeFieldName("source");
        source(json, provenance.getSource());
        json.writeEndObject();
    }

    private static void source(JsonGenerator json, SourcePosition source) throws IOException {
        if (source == null) {
            json.writeNull();
            return;
        }
        json.writeStartObject();
        json.writeStringField("topic", source.getTopic());
        json.writeNumberField("partition", source.getPartition());
        json.writeNumberField("offset", source.getOffset());
        json.writeEndObject();
    }

    static void strings(JsonGenerator json, String field, Map<String, String> values) throws IOException {
        json.writeObjectFieldStart(field);
        for (Map.Entry<String, String> value : new TreeMap<>(values).entrySet()) {
            json.writeStringField(value.getKey(), value.getValue());
        }
        json.writeEndObject();
    }
}
