package org.flinkllama.jobs.faults;

import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import org.flinkllama.operators.reject.DeadLetterHeaders;
import org.flinkllama.schemas.v1.InputHeader;
import org.flinkllama.schemas.v1.InputRecord;

/// Which record of the input an output is owed for, and which of that record's outputs it is.
///
/// @param part number of the output among those of its record, from 0
/// @param last whether the record's answer is complete with it
record Origin(int partition, long offset, int part, boolean last) implements Comparable<Origin> {
    private static final Comparator<Origin> ORDER = Comparator.comparingInt(Origin::partition)
            .thenComparingLong(Origin::offset)
            .thenComparingInt(Origin::part);

    /// Of the only output of a record.
    static Origin whole(int partition, long offset) {
        return new Origin(partition, offset, 0, true);
    }

    /// Of a record that was refused.
    static Origin ofDeadLetter(InputRecord letter) {
        Map<String, String> headers = new HashMap<>();
        for (InputHeader header : letter.getHeaders()) {
            headers.put(
                    header.getName(),
                    StandardCharsets.UTF_8.decode(header.getValue().duplicate()).toString());
        }
        return whole(
                Integer.parseInt(headers.get(DeadLetterHeaders.PARTITION)),
                Long.parseLong(headers.get(DeadLetterHeaders.OFFSET)));
    }

    @Override
    public int compareTo(Origin other) {
        return ORDER.compare(this, other);
    }
}
