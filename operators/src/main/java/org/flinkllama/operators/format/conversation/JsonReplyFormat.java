package org.flinkllama.operators.format.conversation;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeMap;
import org.flinkllama.operators.format.ProvenanceFormat;
import org.flinkllama.operators.reject.RecordRejectedException;
import org.flinkllama.schemas.v1.FinishReason;
import org.flinkllama.schemas.v1.InputRecord;
import org.flinkllama.schemas.v1.Provenance;
import org.flinkllama.schemas.v1.Reply;
import org.flinkllama.schemas.v1.SourcePosition;
import org.flinkllama.schemas.v1.Stage;

/// Replies as one JSON object in UTF-8, on one line. Fields stand in the order of the schema and carry its names.
/// What is read may have fields that a later version added.
final class JsonReplyFormat implements ReplyFormat {
    private static final long serialVersionUID = 1L;

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
            .build();
    private static final JsonMapper MAPPER = new JsonMapper();

    @Override
    public byte[] write(Reply reply) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
        try (JsonGenerator json = FACTORY.createGenerator(bytes)) {
            json.writeStartObject();
            json.writeStringField("conversationId", reply.getConversationId());
            json.writeStringField("turnId", reply.getTurnId());
            json.writeNumberField("part", reply.getPart());
            json.writeBooleanField("last", reply.getLast());
            json.writeStringField("text", reply.getText());
            json.writeNumberField("droppedTurns", reply.getDroppedTurns());
            json.writeNumberField("summarizedTurns", reply.getSummarizedTurns());
            json.writeNumberField("droppedDocumentCharacters", reply.getDroppedDocumentCharacters());
            json.writeStringField("tenant", reply.getTenant());
            json.writeFieldName("provenance");
            ProvenanceFormat.write(json, reply.getProvenance());
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    @Override
    public Reply read(InputRecord record) throws RecordRejectedException {
        try {
            ByteBuffer value = record.getValue();
            byte[] bytes = new byte[value == null ? 0 : value.remaining()];
            if (value != null) {
                value.duplicate().get(bytes);
            }
            return reply(MAPPER.readTree(bytes));
        } catch (IOException | IllegalArgumentException e) {
            throw RecordRejectedException.by(
                    ReplyFormat.class,
                    Stage.DECODE,
                    "The value is no reply in JSON; expected an object with 'conversationId', 'turnId', 'last', 'text' "
                            + "and 'provenance'. Read replies in the format that the job writes.");
        }
    }

    private static Reply reply(JsonNode json) {
        return Reply.newBuilder()
                .setConversationId(json.required("conversationId").asText())
                .setTurnId(json.required("turnId").asText())
                .setPart(json.path("part").asInt())
                .setLast(json.required("last").asBoolean())
                .setText(json.required("text").asText())
                .setDroppedTurns(json.path("droppedTurns").asInt())
                .setSummarizedTurns(json.path("summarizedTurns").asInt())
                .setDroppedDocumentCharacters(
                        json.path("droppedDocumentCharacters").asInt())
                .setTenant(json.path("tenant").textValue())
                .setProvenance(provenance(json.required("provenance")))
                .build();
    }

    private static Provenance provenance(JsonNode json) {
        Map<String, String> options = new TreeMap<>();
        json.path("options")
                .properties()
                .forEach(
                        option -> options.put(option.getKey(), option.getValue().asText()));
        Map<String, FinishReason> reasons = new TreeMap<>();
        json.path("finishReasons")
                .properties()
                .forEach(reason -> reasons.put(
                        reason.getKey(), FinishReason.valueOf(reason.getValue().asText())));
        JsonNode source = json.path("source");
        return new Provenance(
                json.path("modelName").asText(),
                json.path("modelSha256").asText(),
                json.path("promptVersion").asText(),
                options,
                json.path("promptTokens").asInt(),
                json.path("completionTokens").asInt(),
                reasons,
                source.isObject()
                        ? new SourcePosition(
                                source.path("topic").asText(),
                                source.path("partition").asInt(),
                                source.path("offset").asLong())
                        : null);
    }
}
