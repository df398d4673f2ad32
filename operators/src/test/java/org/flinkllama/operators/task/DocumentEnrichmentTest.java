package org.flinkllama.operators.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.within;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.flinkllama.model.generation.Outcome;
import org.flinkllama.operators.SampleRecords;
import org.flinkllama.operators.ScriptedModel;
import org.flinkllama.operators.TestTemplate;
import org.flinkllama.operators.reject.RecordRejectedException;
import org.flinkllama.operators.reject.Rejection;
import org.flinkllama.operators.task.Assignment.Task;
import org.flinkllama.operators.task.DocumentEnrichment.End;
import org.flinkllama.operators.task.DocumentEnrichment.Inquiry;
import org.flinkllama.schemas.v1.Answer;
import org.flinkllama.schemas.v1.Document;
import org.flinkllama.schemas.v1.Enrichment;
import org.flinkllama.schemas.v1.Evidence;
import org.flinkllama.schemas.v1.FinishReason;
import org.flinkllama.schemas.v1.PromptOutput;
import org.flinkllama.schemas.v1.SourcePosition;
import org.flinkllama.schemas.v1.Stage;
import org.flinkllama.schemas.v1.SummaryMethod;
import org.junit.jupiter.api.Test;

class DocumentEnrichmentTest {
    private static final String TEXT = "The phone came quickly.\nIts battery lasts two days! It cost $4.50 in Turin.";

    private final ScriptedModel model = new ScriptedModel();

    @Test
    void groundsEverythingInTheDocumentForTheBundledModel() throws RecordRejectedException {
        model.likes("Its battery lasts two days!", 0.9)
                .likes("positive", 0.5)
                .says("Question: What did it cost?", "$4.50", 0.81)
                .says("Question: Who?", "The document does not say.", 0.64);
        Document document = SampleRecords.document(TEXT);
        document.setQuestions(List.of("Who?"));

        Enrichment enrichment = enriched(TestTemplate.STARTER, 512, questions("What did it cost?"), document);

        assertThat(enrichment.getSummary().getMethod()).isEqualTo(SummaryMethod.EXTRACTIVE);
        assertThat(enrichment.getSummary().getText()).isEqualTo("Its battery lasts two days!");
        assertThat(stretch(enrichment.getSummary().getEvidence())).isEqualTo("Its battery lasts two days!");
        // Two tokens each: softmax over 0.5², 0.1², 0.1².
        assertThat(enrichment.getSentiment().getLabel()).isEqualTo("positive");
        assertThat(enrichment.getSentiment().getScores().get("positive")).isCloseTo(0.25 / 0.27, within(1e-12));
        assertThat(enrichment.getSentiment().getScores().values().stream()
                        .mapToDouble(Double::doubleValue)
                        .sum())
                .isCloseTo(1, within(1e-12));
        Answer cost = enrichment.getAnswers().getFirst();
        assertThat(cost.getAnswered()).isTrue();
        assertThat(cost.getText()).isEqualTo("$4.50");
        assertThat(stretch(cost.getEvidence())).isEqualTo("$4.50");
        assertThat(cost.getConfidence()).isCloseTo(0.81, within(1e-6));
        Answer who = enrichment.getAnswers().get(1);
        assertThat(who.getAnswered()).isFalse();
        assertThat(who.getText()).isEmpty();
        assertThat(who.getEvidence()).isNull();
        assertThat(who.getConfidence()).isCloseTo(0.64, within(1e-6));
    }

    @Test
    void saysWhereTheEnrichmentCameFrom() throws RecordRejectedException {
        model.says("Question:", "Turin", 0.5);

        Enrichment enrichment = enriched(TestTemplate.STARTER, 512, questions("Where?"), SampleRecords.document(TEXT));

        var provenance = enrichment.getProvenance();
        assertThat(provenance.getModelName()).isEqualTo("scripted");
        assertThat(provenance.getModelSha256()).hasSize(64);
        assertThat(provenance.getPromptVersion()).isEqualTo("starter/1");
        assertThat(provenance.getSource()).isEqualTo(new SourcePosition("documents", 3, 7L));
        assertThat(provenance.getOptions())
                .contains(entry("context-length", "512"), entry("questions", "Where?"), entry("temperature", "0.0"));
        assertThat(provenance.getFinishReasons())
                .containsOnly(
                        entry("summary", FinishReason.SCORED),
                        entry("sentiment", FinishReason.SCORED),
                        entry("answer.0", FinishReason.STOP));
        assertThat(provenance.getPromptTokens())
                .isEqualTo(model.prompts.stream()
                                .mapToInt(prompt -> model.tokenizer.encode(prompt).length)
                                .sum()
                        + 3 * 4);
        // Three sentences and three labels, each with its end, and one answer.
        assertThat(provenance.getCompletionTokens()).isEqualTo(6 + 7 + 11 + 3 * 2 + 1);
        assertThat(enrichment.getEventTime()).isEqualTo(Instant.ofEpochMilli(1007));
    }

    @Test
    void readsWhatAnInstructModelWrites() throws RecordRejectedException {
        model.says("Write only the summary.", " A phone that lasts. ", 0.5)
                .says("Question: Who?", "the document does not say", 0.5)
                .says("Question: How long?", "\"TWO  days.\"", 0.5)
                .says("Question: Where?", "in Turin", 0.5)
                .says("Question: Why?", "Because it was cheap.", 0.5)
                .says("Write a reply", "Thanks!", 0.5)
                .says("Translate", "cut off after", 0.5);
        EnrichmentOptions options = questions("Who?", "How long?", "Where?", "Why?");
        options = options.withAssignment(options.assignment()
                        .withPrompts(List.of(
                                new CustomPrompt("reply", "Write a reply to: {document} Be kind."),
                                new CustomPrompt("french", "Translate to {French}."))))
                .withMaxTokens(new TokenLimits(96, 32, 2));

        Enrichment enrichment = enriched(TestTemplate.INSTRUCT, 4096, options, SampleRecords.document(TEXT));

        assertThat(enrichment.getSummary().getText()).isEqualTo("A phone that lasts.");
        assertThat(enrichment.getSummary().getMethod()).isEqualTo(SummaryMethod.ABSTRACTIVE);
        assertThat(enrichment.getAnswers()).extracting(Answer::getAnswered).containsExactly(false, true, true, true);
        assertThat(stretch(enrichment.getAnswers().get(1).getEvidence())).isEqualTo("two days");
        assertThat(stretch(enrichment.getAnswers().get(2).getEvidence())).isEqualTo("in Turin");
        assertThat(enrichment.getAnswers().get(3).getEvidence()).isNull();
        assertThat(enrichment.getOutputs())
                .containsExactly(new PromptOutput("reply", "Thanks!"), new PromptOutput("french", "cut off"));
        assertThat(enrichment.getProvenance().getFinishReasons()).containsEntry("prompt.french", FinishReason.LENGTH);
        assertThat(model.prompts)
                .anyMatch(prompt -> prompt.contains("Write a reply to: " + TEXT + " Be kind."))
                .anyMatch(prompt -> prompt.contains("Translate to {French}.\n\nDocument:\n" + TEXT));
    }

    @Test
    void readsEveryPartOfALongDocument() throws RecordRejectedException {
        StringBuilder text = new StringBuilder();
        for (int sentence = 0; sentence < 60; sentence++) {
            text.append("Sentence number ").append(sentence).append(" tells of something else.\n");
        }
        text.insert(text.indexOf("Sentence number 41"), "The key is under the mat. ");
        model.likes("Sentence number 41 tells of something else.", 0.9)
                .says("under the mat", "under the mat", 0.3)
                .says("Sentence number 1 ", "1", 0.2)
                .says("Question:", "The document does not say.", 0.9);
        Document document = SampleRecords.document(text.toString());

        Enrichment enrichment = enriched(TestTemplate.STARTER, 200, questions("Where is the key?"), document);

        Answer answer = enrichment.getAnswers().getFirst();
        assertThat(answer.getText()).isEqualTo("under the mat");
        assertThat(answer.getEvidence().getStart()).isEqualTo(text.indexOf("under the mat"));
        assertThat(answer.getChunks()).isGreaterThan(2);
        assertThat(enrichment.getSummary().getText()).isEqualTo("Sentence number 41 tells of something else.");
        assertThat(enrichment.getSummary().getEvidence().getStart()).isEqualTo(text.indexOf("Sentence number 41"));
        assertThat(enrichment.getSentiment().getChunks()).isGreaterThan(2);
        String asked = String.join("\n", model.prompts);
        for (int sentence = 0; sentence < 60; sentence++) {
            // Read for the summary, the sentiment and the answer.
            assertThat(asked.split("Sentence number " + sentence + " ", -1).length - 1)
                    .as("sentence %d", sentence)
                    .isGreaterThanOrEqualTo(3);
        }
        assertThat(model.prompts).allSatisfy(prompt -> assertThat(model.tokenizer.encode(prompt).length)
                .isLessThan(200));
    }

    @Test
    void mergesTheSummariesOfALongDocumentsParts() throws RecordRejectedException {
        model.says("Merge them", "All in all, fine.", 0.5).says("Write only the summary.", "One part is fine.", 0.5);
        EnrichmentOptions options = EnrichmentOptions.DEFAULT
                .withAssignment(Assignment.DEFAULT.withTasks(Set.of(Task.SUMMARY)))
                .withMaxTokens(new TokenLimits(20, 32, 32));
        Document document = SampleRecords.document("This part is as fine as the others are. ".repeat(60));

        Enrichment enrichment = enriched(TestTemplate.INSTRUCT, 200, options, document);

        assertThat(enrichment.getSummary().getText()).isEqualTo("All in all, fine.");
        assertThat(enrichment.getSummary().getChunks()).isGreaterThan(3);
        assertThat(model.prompts.getLast()).contains("One part is fine.\nOne part is fine.");
    }

    @Test
    void averagesSentimentByTheTokensOfTheParts() throws RecordRejectedException {
        EnrichmentOptions options =
                EnrichmentOptions.DEFAULT.withAssignment(Assignment.DEFAULT.withTasks(EnumSet.of(Task.SENTIMENT)));
        DocumentEnrichment run = new DocumentEnrichment(
                model.taskModel(TestTemplate.STARTER, 100),
                options,
                SampleRecords.document("word ".repeat(100)),
                SampleRecords.record(""));
        List<Inquiry> inquiries = run.inquiries();
        assertThat(inquiries).hasSize(2);
        for (Inquiry inquiry : inquiries) {
            List<double[]> scores =
                    inquiry.id().equals("sentiment/0/0") ? scores(0, -100, -100) : scores(-100, 0, -100);
            run.outcome(inquiry.id(), new Outcome.Scored(scores, 1));
        }

        var sentiment = ((End.Enriched) run.end()).enrichment().getSentiment();

        double first = sentiment.getScores().get("positive");
        assertThat(first).isBetween(0.6, 0.95);
        assertThat(sentiment.getScores().get("negative")).isCloseTo(1 - first, within(1e-9));
        assertThat(sentiment.getChunks()).isEqualTo(2);
    }

    @Test
    void endsTheSameWhateverTheOrderOfOutcomes() throws RecordRejectedException {
        model.likes("negative", 0.3)
                .says("Write only the summary.", "A part.", 0.5)
                .says("Merge them", "The whole.", 0.5)
                .says("Question:", "part", 0.4);
        EnrichmentOptions options = questions("What?", "Which?").withMaxTokens(new TokenLimits(20, 8, 8));
        Document document = SampleRecords.document("One part of it says this and that. ".repeat(60));

        List<End> ends = new ArrayList<>();
        for (int order = 0; order < 20; order++) {
            ends.add(run(TestTemplate.INSTRUCT, 250, options, document, new Random(order)));
        }

        assertThat(ends).allMatch(ends.getFirst()::equals);
        assertThat(ends.getFirst()).isInstanceOf(End.Enriched.class);
    }

    @Test
    void tellsTheFirstTaskThatFailedWhateverTheOrderOfOutcomes() throws RecordRejectedException {
        model.failsAt("Classify").failsAt("Question: What?").says("Question:", "Turin", 0.5);

        for (int order = 0; order < 10; order++) {
            End end = run(
                    TestTemplate.STARTER,
                    512,
                    questions("Where?", "What?"),
                    SampleRecords.document(TEXT),
                    new Random(order));
            Rejection rejection = ((End.Rejected) end).rejection();
            assertThat(rejection.stage()).isEqualTo(Stage.INFERENCE);
            assertThat(rejection.message()).isEqualTo("Task 'sentiment' failed: Scripted to fail.");
        }
    }

    @Test
    void rejectsAQuestionThatLeavesNoRoomToRead() {
        Rejection rejection = catchThrowableOfType(
                        RecordRejectedException.class,
                        () -> enriched(
                                TestTemplate.STARTER, 100, questions("why ".repeat(90)), SampleRecords.document(TEXT)))
                .rejection();

        assertThat(rejection.stage()).isEqualTo(Stage.PROMPT);
        assertThat(rejection.message())
                .contains("a context of 100 tokens fewer than 16 are left to read the document")
                .doesNotContain("why");
    }

    @Test
    void hasEndedAtOnceWhereNothingIsAsked() throws RecordRejectedException {
        EnrichmentOptions options =
                EnrichmentOptions.DEFAULT.withAssignment(Assignment.DEFAULT.withTasks(Set.of(Task.ANSWERS)));
        DocumentEnrichment run = new DocumentEnrichment(
                model.taskModel(TestTemplate.STARTER, 512),
                options,
                SampleRecords.document(TEXT),
                SampleRecords.record(""));

        assertThat(run.inquiries()).isEmpty();
        assertThat(run.ended()).isTrue();
        assertThat(((End.Enriched) run.end()).enrichment().getAnswers()).isEmpty();
    }

    private static List<double[]> scores(double... values) {
        List<double[]> scores = new ArrayList<>();
        for (double value : values) {
            scores.add(new double[] {value});
        }
        return scores;
    }

    private static EnrichmentOptions questions(String... questions) {
        return EnrichmentOptions.DEFAULT.withAssignment(Assignment.DEFAULT.withQuestions(List.of(questions)));
    }

    private static String stretch(Evidence evidence) {
        return TEXT.substring(evidence.getStart(), evidence.getEnd());
    }

    private Enrichment enriched(TestTemplate template, int contextLength, EnrichmentOptions options, Document document)
            throws RecordRejectedException {
        End end = run(template, contextLength, options, document, new Random(1));
        assertThat(end).isInstanceOf(End.Enriched.class);
        return ((End.Enriched) end).enrichment();
    }

    private End run(
            TestTemplate template, int contextLength, EnrichmentOptions options, Document document, Random order)
            throws RecordRejectedException {
        DocumentEnrichment run = new DocumentEnrichment(
                model.taskModel(template, contextLength), options, document, SampleRecords.record(""));
        List<Inquiry> open = new ArrayList<>(run.inquiries());
        while (!run.ended()) {
            Collections.shuffle(open, order);
            Inquiry next = open.removeLast();
            open.addAll(run.outcome(next.id(), model.answer(next.request())));
        }
        assertThat(open).isEmpty();
        return run.end();
    }
}
