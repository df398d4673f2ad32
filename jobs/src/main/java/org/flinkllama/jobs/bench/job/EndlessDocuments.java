package org.flinkllama.jobs.bench.job;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.flink.connector.datagen.source.GeneratorFunction;
import org.flinkllama.schemas.v1.InputRecord;

/// Documents without end, no two of one id or one beginning.
record EndlessDocuments(List<String> texts) implements GeneratorFunction<Long, InputRecord> {
    private static final long serialVersionUID = 1L;

    @Override
    public InputRecord map(Long number) {
        String text = "Number " + number + " " + texts.get((int) (number % texts.size()));
        byte[] value = JsonNodeFactory.instance
                .objectNode()
                .put("id", "document-" + number)
                .put("text", text)
                .toString()
                .getBytes(StandardCharsets.UTF_8);
        return new InputRecord("memory", 0, number, null, null, ByteBuffer.wrap(value), List.of());
    }
}
