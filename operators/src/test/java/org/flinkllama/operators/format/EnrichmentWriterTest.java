package org.flinkllama.operators.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.flinkllama.schemas.v1.Answer;
import org.flinkllama.schemas.v1.Enrichment;
import org.flinkllama.schemas.v1.Evidence;
import org.flinkllama.schemas.v1.FinishReason;
import org.flinkllama.schemas.v1.PromptOutput;
import org.flinkllama.schemas.v1.Provenance;
import org.flinkllama.schemas.v1.Sentiment;
import org.flinkllama.schemas.v1.SourcePosition;
import org.flinkllama.schemas.v1.Summary;
import org.flinkllama.schemas.v1.SummaryMethod;
import org.junit.jupiter.api.Test;

class EnrichmentWriterTest {
    @Test
    void writesJsonInTheOrderOfTheSchema() {
        byte[] json = RecordFormat.JSON.enrichmentWriter().write(enrichment(new HashMap<>()));

        assertThat(new String(json, StandardCharsets.UTF_8)).isEqualTo("""
                {"documentId":"a","eventTime":"2026-01-31T12:00:00Z","attributes":{"a":"2","b":"1"},\
                "summary":{"text":"Grüße 😀","method":"EXTRACTIVE","evidence":{"start":0,"end":8},"chunks":2},\
                "sentiment":{"label":"positive","scores":{"negative":0.1,"positive":0.9},"chunks":1},\
                "answers":[{"question":"Who?","answered":false,"text":"","evidence":null,"confidence":0.25,"chunks":1}],\
                "outputs":[{"name":"reply","text":"Yes."}],\
                "provenance":{"modelName":"m","modelSha256":"00","promptVersion":"starter/1","options":{"seed":"0"},\
                "promptTokens":10,"completionTokens":3,"finishReasons":{"answer.0":"STOP","sentiment":"SCORED"},\
                "source":{"topic":"t","partition":1,"offset":2}}}""");
    }

    @Test
    void writesAbsentPartsAsNull() {
        Enrichment enrichment = enrichment(new HashMap<>());
        enrichment.setSummary(null);
        enrichment.setSentiment(null);
        enrichment.setEventTime(null);
        enrichment.getProvenance().setSource(null);

        assertThat(new String(RecordFormat.JSON.enrichmentWriter().write(enrichment), StandardCharsets.UTF_8))
                .contains("\"summary\":null", "\"sentiment\":null", "\"eventTime\":null", "\"source\":null");
    }

    @Test
    void writesAvroThatReadsBackEqual() throws IOException {
        Enrichment enrichment = enrichment(new HashMap<>());

        byte[] avro = RecordFormat.AVRO.enrichmentWriter().write(enrichment);

        assertThat(Enrichment.getDecoder().decode(avro)).isEqualTo(enrichment);
    }

    @Test
    void writesTheSameBytesWhateverTheOrderOfAMap() {
        Map<String, String> reversed = new LinkedHashMap<>();
        for (RecordFormat format : RecordFormat.values()) {
            EnrichmentWriter writer = format.enrichmentWriter();
            assertThat(writer.write(enrichment(reversed))).isEqualTo(writer.write(enrichment(new HashMap<>(64))));
        }
    }

    private static Enrichment enrichment(Map<String, String> attributes) {
        attributes.clear();
        attributes.put("b", "1");
        attributes.put("a", "2");
        return Enrichment.newBuilder()
                .setDocumentId("a")
                .setEventTime(Instant.parse("2026-01-31T12:00:00Z"))
                .setAttributes(attributes)
                .setSummary(new Summary("Grüße 😀", SummaryMethod.EXTRACTIVE, new Evidence(0, 8), 2))
                .setSentiment(new Sentiment("positive", Map.of("positive", 0.9, "negative", 0.1), 1))
                .setAnswers(List.of(new Answer("Who?", false, "", null, 0.25, 1)))
                .setOutputs(List.of(new PromptOutput("reply", "Yes.")))
                .setProvenance(Provenance.newBuilder()
                        .setModelName("m")
                        .setModelSha256("00")
                        .setPromptVersion("starter/1")
                        .setOptions(Map.of("seed", "0"))
                        .setPromptTokens(10)
                        .setCompletionTokens(3)
                        .setFinishReasons(Map.of("sentiment", FinishReason.SCORED, "answer.0", FinishReason.STOP))
                        .setSource(new SourcePosition("t", 1, 2L))
                        .build())
                .build();
    }
}
