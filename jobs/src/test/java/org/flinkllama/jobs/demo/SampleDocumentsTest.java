package org.flinkllama.jobs.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.avro.Schema;
import org.flinkllama.schemas.v1.Document;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The demo's documents and the answers expected from them hold together.
final class SampleDocumentsTest {
    private static final Set<String> SENTIMENTS = Set.of("positive", "negative", "neutral", "mixed", "-");

    private final ObjectMapper json = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    private final Map<String, JsonNode> documents = new LinkedHashMap<>();
    private List<Expectation> expectations;

    /// A line of `expected.tsv`. `question` is a number, or `-` where the document asks none.
    private record Expectation(String id, String sentiment, String question, String answer) {}

    @BeforeEach
    void readBothFiles() throws IOException {
        for (String line : lines("documents.jsonl")) {
            JsonNode document = json.readTree(line);
            assertThat(documents.put(document.path("id").asText(), document))
                    .as("documents with the id of %s", document.path("id"))
                    .isNull();
        }
        expectations = lines("expected.tsv").stream()
                .skip(1)
                .map(line -> line.split("\t", -1))
                .map(columns -> new Expectation(columns[0], columns[1], columns[2], columns[3]))
                .toList();
    }

    @Test
    void areManyAndInTwoLanguages() {
        assertThat(documents).hasSizeGreaterThanOrEqualTo(48);
        assertThat(documents.values())
                .extracting(document -> document.path("language").asText())
                .contains("en", "zh");
    }

    @Test
    void haveTheFieldsOfTheSchemaOnly() {
        Set<String> names = new HashSet<>();
        Document.getClassSchema().getFields().stream().map(Schema.Field::name).forEach(names::add);
        assertThat(documents.values()).allSatisfy(document -> assertThat(names)
                .containsAll(
                        document.properties().stream().map(Map.Entry::getKey).toList()));
    }

    @Test
    void allHaveIdTextLanguageAndKind() {
        assertThat(documents.values()).allSatisfy(document -> {
            assertThat(document.path("id").asText()).isNotBlank();
            assertThat(document.path("text").asText()).isNotBlank();
            assertThat(document.path("language").asText()).isNotBlank();
            assertThat(document.path("attributes").path("kind").asText()).isNotBlank();
        });
    }

    @Test
    void areExpectedToAnswerEveryQuestionOnce() {
        Map<String, SortedMap<String, Expectation>> byDocument = new LinkedHashMap<>();
        for (Expectation expectation : expectations) {
            assertThat(byDocument
                            .computeIfAbsent(expectation.id(), id -> new TreeMap<>())
                            .put(expectation.question(), expectation))
                    .as("lines for %s, question %s", expectation.id(), expectation.question())
                    .isNull();
        }
        assertThat(byDocument.keySet()).isEqualTo(documents.keySet());
        byDocument.forEach((id, lines) -> {
            int questions = documents.get(id).path("questions").size();
            assertThat(lines.keySet()).as(id).isEqualTo(numbers(questions));
        });
    }

    @Test
    void containEveryExpectedAnswerLiterally() {
        assertThat(expectations).allSatisfy(expectation -> assertThat(
                        documents.get(expectation.id()).path("text").asText())
                .contains(expectation.answer()));
    }

    @Test
    void leaveSomeQuestionsUnanswered() {
        assertThat(expectations)
                .filteredOn(expectation -> !expectation.question().equals("-"))
                .filteredOn(expectation -> expectation.answer().isEmpty())
                .hasSizeBetween(4, 8);
    }

    @Test
    void haveOneKnownSentimentEach() {
        Map<String, Set<String>> sentiments = new LinkedHashMap<>();
        expectations.forEach(expectation -> sentiments
                .computeIfAbsent(expectation.id(), id -> new HashSet<>())
                .add(expectation.sentiment()));
        assertThat(sentiments.values())
                .allSatisfy(labels -> assertThat(labels).hasSize(1).isSubsetOf(SENTIMENTS));
    }

    private static Set<String> numbers(int questions) {
        if (questions == 0) {
            return Set.of("-");
        }
        Set<String> numbers = new HashSet<>();
        for (int question = 0; question < questions; question++) {
            numbers.add(Integer.toString(question));
        }
        return numbers;
    }

    private static List<String> lines(String resource) throws IOException {
        try (InputStream bytes = Objects.requireNonNull(
                SampleDocumentsTest.class.getResourceAsStream("/org/flinkllama/jobs/demo/" + resource), resource)) {
            return new String(bytes.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        }
    }
}
