package org.flinkllama.jobs.archive.output;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.apache.flink.api.common.serialization.Encoder;
import org.flinkllama.schemas.v1.DeadLetter;
import org.flinkllama.schemas.v1.InputRecord;

/// A refused record on one line of JSON: where it stands, where it failed and why, and its bytes, as text where they
/// are UTF-8 and else in Base64.
final class RejectLine implements Encoder<DeadLetter> {
    private static final long serialVersionUID = 1L;
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
            .build();

    @Override
    public void encode(DeadLetter letter, OutputStream stream) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        InputRecord record = letter.getRecord();
        try (JsonGenerator json = FACTORY.createGenerator(line)) {
            json.writeStartObject();
            json.writeStringField("source", record.getTopic());
            json.writeNumberField("partition", record.getPartition());
            json.writeNumberField("record", record.getOffset());
            json.writeStringField("stage", letter.getStage().name());
            json.writeStringField("reason", letter.getMessage());
            json.writeStringField("exceptionClass", letter.getExceptionClass());
            bytes(json, "key", record.getKey());
            bytes(json, "value", record.getValue());
            json.writeEndObject();
        }
        line.write('\n');
        line.writeTo(stream);
    }

    private static void bytes(JsonGenerator json, String name, ByteBuffer bytes) throws IOException {
        if (bytes == null) {
            json.writeNullField(name);
            return;
        }
        try {
            json.writeStringField(
                    name,
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(bytes.duplicate())
                            .toString());
        } catch (CharacterCodingException e) {
            byte[] copy = new byte[bytes.remaining()];
            bytes.duplicate().get(copy);
            json.writeBinaryField(name + "Base64", copy);
        }
    }
}
