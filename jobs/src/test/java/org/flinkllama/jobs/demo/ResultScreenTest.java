package org.flinkllama.jobs.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.Map;
import org.flinkllama.operators.reject.DeadLetterHeaders;
import org.junit.jupiter.api.Test;

final class ResultScreenTest {
    private static final String TEXT = "Bought in March. At 49.90 euros it was not the cheapest in the shop, but good.";

    private final StringWriter printed = new StringWriter();
    private final ResultScreen screen = new ResultScreen(new PrintWriter(printed), new Terminal(72, false));

    @Test
    void showsSummarySentimentAndAnswersWithTheirEvidence() throws IOException {
        show("""
                {"documentId": "kettle", "summary": {"text": "A good kettle."},
                 "sentiment": {"label": "positive", "scores": {"negative": 0.2, "positive": 0.8}},
                 "answers": [{"question": "How much?", "answered": true, "text": "49.90 euros",
                              "evidence": {"start": 20, "end": 31}, "confidence": 0.96}],
                 "outputs": [{"name": "haiku", "text": "Water sings"}]}""");
        assertThat(printed.toString())
                .contains("  1  kettle · Tamsin")
                .contains("summary    A good kettle.")
                .contains("sentiment  positive 80 % ████████░░, negative 20 %")
                .contains("question   How much?")
                .contains("answer     49.90 euros (96 %; “Bought in March. At [49.90 euros]")
                .contains("haiku      Water sings");
    }

    @Test
    void saysWhereTheDocumentDoesNotAnswer() throws IOException {
        show("""
                {"documentId": "kettle", "answers": [{"question": "Who?", "answered": false, "text": "",
                 "evidence": null, "confidence": 0.5}]}""");
        assertThat(printed.toString())
                .contains("the document does not say (50 %)")
                .doesNotContain("summary");
    }

    @Test
    void showsAnAnswerWhoseEvidenceIsOutsideTheText() throws IOException {
        show("""
                {"documentId": "kettle", "answers": [{"question": "Who?", "answered": true, "text": "me",
                 "evidence": {"start": 5, "end": 5000}, "confidence": 0.5}]}""");
        assertThat(printed.toString()).contains("answer     me (50 %)");
    }

    @Test
    void showsWhyARecordWasRefused() {
        screen.deadLetter(Map.of(
                DeadLetterHeaders.TOPIC, "documents",
                DeadLetterHeaders.PARTITION, "0",
                DeadLetterHeaders.OFFSET, "17",
                DeadLetterHeaders.STAGE, "decode",
                DeadLetterHeaders.EXCEPTION_MESSAGE, "No JSON at byte 0."));
        assertThat(printed.toString())
                .contains("refused")
                .contains("offset 17 of topic 'documents', partition 0")
                .contains("decode")
                .contains("No JSON at byte 0.");
    }

    @Test
    void closesWithFigures() {
        Tally tally =
                Tally.expecting(4).withEnrichment(90, 10).withEnrichment(80, 20).withDeadLetter();
        screen.summary(tally, Duration.ofSeconds(2));
        assertThat(printed.toString())
                .contains("2 enriched, 1 refused, 1 missing, of 4 records")
                .contains("170 read, 30 generated or scored; 100 tokens/s")
                .contains("2.0 s");
    }

    private void show(String enrichment) throws IOException {
        screen.enrichment(
                new ObjectMapper().readTree(enrichment), new SampleDocument("kettle", "Tamsin", TEXT, new byte[0]));
    }
}
