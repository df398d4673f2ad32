package org.flinkllama.jobs.archive.read;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.flinkllama.jobs.archive.file.ColumnNames;
import org.flinkllama.jobs.archive.file.Entry;
import org.flinkllama.jobs.archive.file.FileContent;
import org.flinkllama.jobs.archive.file.FileFormat;
import org.flinkllama.jobs.archive.file.RecordCursor;
import org.flinkllama.jobs.archive.file.Stretch;

/// Reads files that are in memory.
final class Reading {
    private Reading() {}

    static FileContent file(String name, byte[] bytes) {
        return file(name, FileFormat.ofName(name).orElseThrow(), ColumnNames.DEFAULT, bytes);
    }

    static FileContent file(String name, FileFormat format, ColumnNames columns, byte[] bytes) {
        return new FileContent(name, format, columns, bytes.length, offset -> {
            ByteArrayInputStream stream = new ByteArrayInputStream(bytes);
            stream.skipNBytes(offset);
            return stream;
        });
    }

    static List<Entry> entries(String name, String content) throws IOException {
        return entries(file(name, content.getBytes(StandardCharsets.UTF_8)));
    }

    static List<Entry> entries(FileContent file) throws IOException {
        return entries(file, Stretch.whole());
    }

    static List<Entry> entries(FileContent file, Stretch stretch) throws IOException {
        List<Entry> entries = new ArrayList<>();
        try (RecordCursor cursor = Cursors.open(file, stretch)) {
            for (Optional<Entry> next = cursor.next(); next.isPresent(); next = cursor.next()) {
                entries.add(next.get());
            }
        }
        return entries;
    }

    /// Number, value as text and refusal of each, to be compared.
    static List<String> told(List<Entry> entries) {
        return entries.stream()
                .map(entry -> entry.number() + " " + entry.id() + " " + text(entry) + " " + entry.refusal())
                .toList();
    }

    static String text(Entry entry) {
        return new String(entry.value(), StandardCharsets.UTF_8);
    }

    static byte[] compressed(byte[] bytes, Compressor compressor) throws IOException {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (OutputStream stream = compressor.compress(compressed)) {
            stream.write(bytes);
        }
        return compressed.toByteArray();
    }

    @FunctionalInterface
    interface Compressor {
        OutputStream compress(OutputStream stream) throws IOException;
    }
}
