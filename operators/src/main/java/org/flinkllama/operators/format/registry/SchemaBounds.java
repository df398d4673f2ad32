package org.flinkllama.operators.format.registry;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.apache.avro.Schema;

/// What a stranger's schema may be, so that a walk over a record by it ends: not recursive, of bounded depth and
/// size with every use of a named type counted, and no array or map of elements that take no bytes.
final class SchemaBounds {
    private static final int MOST_NODES = 10_000;
    private static final int MOST_DEPTH = 64;

    private final Deque<Schema> open = new ArrayDeque<>();
    private int nodes;
    private String violation;

    private SchemaBounds() {}

    /// How a schema breaks the bounds, as the end of a sentence.
    static Optional<String> violation(Schema schema) {
        SchemaBounds bounds = new SchemaBounds();
        bounds.bytes(schema);
        return Optional.ofNullable(bounds.violation);
    }

    /// Bytes that a value takes at least. Stops looking at the first violation.
    private long bytes(Schema schema) {
        if (violation != null) {
            return 1;
        }
        if (++nodes > MOST_NODES) {
            return violated("has more than " + MOST_NODES + " parts");
        }
        if (open.size() >= MOST_DEPTH) {
            return violated("is nested deeper than " + MOST_DEPTH);
        }
        if (open.stream().anyMatch(outer -> outer == schema)) {
            return violated("is recursive");
        }
        open.push(schema);
        long bytes = bytesWithin(schema);
        open.pop();
        return bytes;
    }

    private long bytesWithin(Schema schema) {
        return switch (schema.getType()) {
            case NULL -> 0;
            case BOOLEAN, INT, LONG, ENUM, STRING, BYTES -> 1;
            case FLOAT -> 4;
            case DOUBLE -> 8;
            case FIXED -> schema.getFixedSize();
            case ARRAY -> elements(bytes(schema.getElementType()));
            case MAP -> elements(1 + bytes(schema.getValueType()));
            case UNION -> 1 + least(schema.getTypes());
            case RECORD -> {
                long sum = 0;
                for (Schema.Field field : schema.getFields()) {
                    sum += bytes(field.schema());
                }
                yield sum;
            }
        };
    }

    private long elements(long bytes) {
        return bytes == 0 ? violated("has an array of elements that take no bytes") : 1;
    }

    private long least(List<Schema> branches) {
        long least = Long.MAX_VALUE;
        for (Schema branch : branches) {
            least = Math.min(least, bytes(branch));
        }
        return branches.isEmpty() ? violated("has a union of nothing") : least;
    }

    private long violated(String how) {
        violation = violation == null ? how : violation;
        return 1;
    }
}
