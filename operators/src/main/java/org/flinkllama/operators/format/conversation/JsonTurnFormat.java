package org.flinkllama.operators.format.conversation;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.flinkllama.operators.format.JsonFields;
import org.flinkllama.operators.reject.RecordRejectedException;
import org.flinkllama.schemas.v1.InputRecord;
import org.flinkllama.schemas.v1.Turn;
import org.flinkllama.schemas.v1.TurnKind;

/// Turns as one JSON object in UTF-8, types taken strictly. `kind` may be left out and stand in any case; one that
/// is not known reads as UNKNOWN.
final class JsonTurnFormat implements TurnFormat {
    private static final long serialVersionUID = 1L;

    private static final JsonFields.Expected EXPECTED = new JsonFields.Expected(
            "turn",
            List.of("conversationId", "turnId"),
            List.of("conversationId", "turnId", "kind", "text", "tenant", "documentId", "documentText", "eventTime"),
            "leave it out");
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
            .build();

    @Override
    public Turn read(InputRecord record) throws RecordRejectedException {
        JsonFields fields = JsonFields.of(record, EXPECTED);
        String text = fields.optional("text");
        return Turn.newBuilder()
                .setConversationId(fields.required("conversationId"))
                .setTurnId(fields.required("turnId"))
                .setKind(kind(fields.optional("kind")))
                .setText(text == null ? "" : text)
                .setTenant(fields.optional("tenant"))
                .setDocumentId(fields.optional("documentId"))
                .setDocumentText(fields.optional("documentText"))
                .setEventTime(fields.time("eventTime"))
                .build();
    }

    private static TurnKind kind(String word) {
        if (word == null) {
            return TurnKind.MESSAGE;
        }
        String name = word.toUpperCase(Locale.ROOT);
        return Arrays.stream(TurnKind.values())
                .filter(kind -> kind.name().equals(name))
                .findFirst()
                .orElse(TurnKind.UNKNOWN);
    }

    @Override
    public byte[] write(Turn turn) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
        try (JsonGenerator json = FACTORY.createGenerator(bytes)) {
            json.writeStartObject();
            json.writeStringField("conversationId", turn.getConversationId());
            json.writeStringField("turnId", turn.getTurnId());
            json.writeStringField("kind", turn.getKind().name());
            json.writeStringField("text", turn.getText());
            json.writeStringField("tenant", turn.getTenant());
            json.writeStringField("documentId", turn.getDocumentId());
            json.writeStringField("documentText", turn.getDocumentText());
            json.writeStringField(
                    "eventTime",
                    turn.getEventTime() == null ? null : turn.getEventTime().toString());
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
