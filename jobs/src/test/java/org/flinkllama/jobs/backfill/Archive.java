package org.flinkllama.jobs.backfill;

import com.github.luben.zstd.ZstdOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;
import org.flinkllama.operators.format.RecordFormat;
import org.flinkllama.schemas.v1.Document;
import org.flinkllama.schemas.v1.Enrichment;

/// A folder of documents, and what is written about them.
record Archive(Path folder) {
    static String id(int number) {
        return "document-" + number;
    }

    static String text(int number) {
        return "The kettle number " + number + " works well. " + "I like the colour of it. ".repeat(number % 7);
    }

    static String line(int number) {
        return "{\"id\": \"%s\", \"text\": \"%s\", \"eventTime\": \"2026-01-01T00:00:00Z\"}"
                .formatted(id(number), text(number));
    }

    /// A JSON-lines file, compressed as its name says.
    void lines(String name, int from, int to) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (int number = from; number < to; number++) {
            lines.append(line(number)).append('\n');
        }
        write(name, lines.toString());
    }

    void write(String name, String content) throws IOException {
        Files.createDirectories(folder.resolve(name).getParent());
        OutputStream file = Files.newOutputStream(folder.resolve(name));
        try (OutputStream stream = name.endsWith(".gz")
                ? new GZIPOutputStream(file)
                : name.endsWith(".zst") ? new ZstdOutputStream(file) : file) {
            stream.write(content.getBytes(StandardCharsets.UTF_8));
        }
    }

    void container(String name, int from, int to) throws IOException {
        try (DataFileWriter<Document> writer = new DataFileWriter<>(new SpecificDatumWriter<>(Document.class))) {
            writer.create(Document.getClassSchema(), folder.resolve(name).toFile());
            for (int number = from; number < to; number++) {
                writer.append(Document.newBuilder()
                        .setId(id(number))
                        .setText(text(number))
                        .build());
            }
        }
    }

    /// All lines of the files in a folder, in order of their text.
    static List<String> written(Path folder) throws IOException {
        List<String> lines = new ArrayList<>();
        for (Path file : files(folder)) {
            if (file.toString().endsWith(".avro")) {
                try (DataFileReader<Enrichment> reader =
                        new DataFileReader<>(file.toFile(), new SpecificDatumReader<>(Enrichment.class))) {
                    reader.forEach(enrichment -> lines.add(new String(
                            RecordFormat.JSON.enrichmentWriter().write(enrichment), StandardCharsets.UTF_8)));
                }
            } else {
                lines.addAll(Files.readAllLines(file));
            }
        }
        return lines.stream().sorted().toList();
    }

    /// The files right in a folder, work and hidden files left out.
    static List<Path> files(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> !file.getFileName().toString().startsWith("."))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The line without what says where the document came from.
    static String withoutSource(String line) {
        return line.replaceAll("\"source\":\\{[^}]*}", "");
    }
}
