package org.flinkllama.jobs.archive.output;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.file.DataFileStream;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.flinkllama.jobs.archive.ArchiveException;
import org.flinkllama.jobs.archive.ArchiveFile;
import org.flinkllama.jobs.archive.ArchiveListing;
import org.flinkllama.jobs.archive.file.FileFormat;

/// The ids of the documents in earlier outputs: JSON lines or Avro containers of enrichments, by the names of the
/// files. Refused records are not done.
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
            try (InputStream stream = file.openContent()) {
                switch (file.format()) {
                    case JSONL -> lines(file, stream, ids);
                    case AVRO -> container(file, stream, ids);
                    case CSV, TEXT, LINES -> throw refused(file, file.format() + " files");
                }
            } catch (AvroRuntimeException broken) {
                throw refused(file, "a damaged container");
            }
        }
        return ids;
    }

    private static void lines(ArchiveFile file, InputStream stream, Set<String> ids) throws IOException {
        BufferedReader reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8));
        long number = 1;
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            if (!line.isBlank()) {
                id(file, line, number).ifPresent(ids::add);
            }
            number++;
        }
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

    private static void container(ArchiveFile file, InputStream stream, Set<String> ids) throws IOException {
        try (DataFileStream<GenericRecord> records = new DataFileStream<>(stream, new GenericDatumReader<>())) {
            if (records.getSchema().getField(ID) == null) {
                throw refused(file, "no field '" + ID + "'");
            }
            for (GenericRecord record : records) {
                ids.add(record.get(ID).toString());
            }
        }
    }

    private static ArchiveException refused(ArchiveFile file, String found) {
        return new ArchiveException("The earlier output '" + file.location() + "' has " + found
                + "; expected enrichments, as " + FileFormat.JSONL + " or " + FileFormat.AVRO
                + ". Name the folder or files that an earlier run has written.");
    }
}
