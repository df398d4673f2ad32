package org.flinkllama.jobs.archive.output;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.flinkllama.jobs.archive.ArchiveException;
import org.flinkllama.jobs.archive.ArchiveFile;
import org.flinkllama.jobs.archive.ArchiveListing;
import org.flinkllama.jobs.archive.file.ColumnNames;
import org.flinkllama.jobs.archive.file.FileContent;
import org.flinkllama.jobs.archive.file.FileFormat;

/// The ids of the documents in earlier outputs: JSON lines, Avro containers or Parquet files of enrichments, by the
/// names of the files. Refused records are not done.
///
/// @param files to look into
public record DoneIds(List<ArchiveFile> files) implements Serializable {
    public static final DoneIds NONE = new DoneIds(List.of());

    private static final String ID = "documentId";
    private static final String OF_REJECTS = "stage";
    private static final JsonFactory JSON = new JsonFactory();

    /// @param words files, folders and globs
    public static DoneIds in(List<String> words) {
        return words.isEmpty() ? NONE : new DoneIds(new ArchiveListing(Optional.empty()).files(words));
    }

    /// Reads the ids; they stay in memory, some hundred bytes each.
    public Set<String> read() throws IOException {
        Set<String> ids = new HashSet<>();
        for (ArchiveFile file : files) {
            switch (file.format()) {
                case JSONL -> lines(file, ids);
                case AVRO -> containers(OutputFormat.AVRO, file, ids);
                case PARQUET -> containers(OutputFormat.PARQUET, file, ids);
                case CSV, TEXT, LINES -> throw refused(file, file.format() + " files");
            }
        }
        return ids;
    }

    private static void lines(ArchiveFile file, Set<String> ids) throws IOException {
        try (BufferedReader reader =
                new BufferedReader(new InputStreamReader(content(file).open(), StandardCharsets.UTF_8))) {
            long number = 1;
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                if (!line.isBlank()) {
                    id(file, line, number).ifPresent(ids::add);
                }
                number++;
            }
        }
    }

    private static FileContent content(ArchiveFile file) {
        return file.content(ColumnNames.DEFAULT);
    }

    /// The id in a line; empty where it is that of a refused record.
    private static Optional<String> id(ArchiveFile file, String line, long number) throws IOException {
        try (JsonParser json = JSON.createParser(line)) {
            if (json.nextToken() == JsonToken.START_OBJECT) {
                while (json.nextToken() == JsonToken.FIELD_NAME) {
                    String field = json.currentName();
                    JsonToken value = json.nextToken();
                    if (field.equals(ID) && value == JsonToken.VALUE_STRING) {
                        return Optional.of(json.getText());
                    }
                    if (field.equals(OF_REJECTS)) {
                        return Optional.empty();
                    }
                    json.skipChildren();
                }
            }
        } catch (com.fasterxml.jackson.core.JsonProcessingException broken) {
            throw refused(file, "no JSON in line " + number);
        }
        throw refused(file, "no '" + ID + "' in line " + number);
    }

    private static void containers(OutputFormat format, ArchiveFile file, Set<String> ids) throws IOException {
        try {
            format.containers().orElseThrow().strings(content(file), ID, ids::add);
        } catch (UnreadableContainerException broken) {
            throw refused(file, broken.getMessage());
        }
    }

    private static ArchiveException refused(ArchiveFile file, String found) {
        return new ArchiveException("The earlier output '" + file.location() + "' has " + found
                + "; expected enrichments, as " + FileFormat.JSONL + ", " + FileFormat.AVRO + " or "
                + FileFormat.PARQUET + ". Name the folder or files that an earlier run has written.");
    }
}
