package org.flinkllama.jobs.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A line that the demo puts on its input topic, and what it needs of it to show the result.
///
/// @param id    empty where the line has none
/// @param title the document's title, or the beginning of its text
/// @param text  the document's text
/// @param line  the line itself; it need not be a document
record SampleDocument(String id, String title, String text, byte[] line) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int TITLE_CHARACTERS = 60;

    /// The documents that come with the demo, and behind them two records that are none.
    static List<SampleDocument> bundled() {
        try (InputStream resource = SampleDocument.class.getResourceAsStream("documents.jsonl")) {
            List<SampleDocument> documents =
                    new ArrayList<>(of(new String(resource.readAllBytes(), StandardCharsets.UTF_8)));
            documents.add(ofLine("{\"id\": \"broken-on-purpose-1\", \"title\": \"no text in here\"}"));
            documents.add(ofLine("this line is no JSON, on purpose"));
            return documents;
        } catch (IOException e) {
            throw new UncheckedIOException("The sample documents can't be read from the class path.", e);
        }
    }

    /// One document from each line of a file that is not blank, whatever the line holds.
    static List<SampleDocument> in(Path file) throws IOException {
        return of(new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
    }

    private static List<SampleDocument> of(String lines) {
        return lines.lines()
                .filter(line -> !line.isBlank())
                .map(SampleDocument::ofLine)
                .toList();
    }

    private static SampleDocument ofLine(String line) {
        byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
        try {
            JsonNode fields = JSON.readTree(line);
            String text = fields.path("text").asText();
            String beginning = text.length() <= TITLE_CHARACTERS ? text : text.substring(0, TITLE_CHARACTERS) + "…";
            return new SampleDocument(
                    fields.path("id").asText(), fields.path("title").asText(beginning), text, bytes);
        } catch (JsonProcessingException noDocument) {
            return new SampleDocument("", "", "", bytes);
        }
    }
}
