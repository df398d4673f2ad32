package org.flinkllama.operators.reject;

import java.util.LinkedHashMap;
import java.util.SequencedMap;
import org.flinkllama.schemas.v1.DeadLetter;
import org.flinkllama.schemas.v1.InputRecord;

/// Headers that say on the dead-letter topic why a record is there and where it came from. They are added behind the
/// record's own headers: our prefix, with the suffixes that Kafka Connect uses.
public final class DeadLetterHeaders {
    public static final String PREFIX = "flink-llama.";
    public static final String TOPIC = PREFIX + "topic";
    public static final String PARTITION = PREFIX + "partition";
    public static final String OFFSET = PREFIX + "offset";
    public static final String STAGE = PREFIX + "stage";
    public static final String EXCEPTION_CLASS_NAME = PREFIX + "exception.class.name";
    public static final String EXCEPTION_MESSAGE = PREFIX + "exception.message";

    private DeadLetterHeaders() {}

    /// All headers of a dead letter as text, always in the same order.
    public static SequencedMap<String, String> of(DeadLetter deadLetter) {
        InputRecord record = deadLetter.getRecord();
        SequencedMap<String, String> headers = new LinkedHashMap<>();
        headers.put(TOPIC, record.getTopic());
        headers.put(PARTITION, Integer.toString(record.getPartition()));
        headers.put(OFFSET, Long.toString(record.getOffset()));
        headers.put(STAGE, deadLetter.getStage().name());
        headers.put(EXCEPTION_CLASS_NAME, deadLetter.getExceptionClass());
        headers.put(EXCEPTION_MESSAGE, deadLetter.getMessage());
        return headers;
    }
}
