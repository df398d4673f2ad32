package org.flinkllama.jobs.bench.job;

import java.nio.ByteBuffer;
import java.util.List;
import org.apache.flink.connector.datagen.source.GeneratorFunction;
import org.flinkllama.schemas.v1.InputRecord;

/// The records of the source.
record DocumentRecords(List<byte[]> values) implements GeneratorFunction<Long, InputRecord> {
    private static final long serialVersionUID = 1L;

    @Override
    public InputRecord map(Long number) {
        return new InputRecord(
                "memory", 0, number, null, null, ByteBuffer.wrap(values.get(Math.toIntExact(number))), List.of());
    }
}
