package org.flinkllama.jobs.archive.file;

/// A record of an archive.
///
/// @param number  1-based: the line that it begins in, or its place among the records of a container
/// @param id      of its document; null where it is not known
/// @param value   JSON object or Avro's single-object encoding; the bytes as they came where it is refused
/// @param refusal why it holds no document, without its text; null where it may hold one
public record Entry(long number, String id, byte[] value, String refusal) {
    public static Entry document(long number, String id, byte[] value) {
        return new Entry(number, id, value, null);
    }

    public static Entry refused(long number, byte[] value, String refusal) {
        return new Entry(number, null, value, refusal);
    }
}
