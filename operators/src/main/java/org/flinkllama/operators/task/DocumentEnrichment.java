package org.flinkllama.operators.task;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.flinkllama.model.generation.Outcome;
import org.flinkllama.model.generation.Request;
import org.flinkllama.operators.reject.RecordRejectedException;
import org.flinkllama.operators.reject.Rejection;
import org.flinkllama.operators.task.Assignment.Task;
import org.flinkllama.operators.task.method.Answers;
import org.flinkllama.operators.task.method.DocumentPrompts;
import org.flinkllama.operators.task.method.ExtractiveSummary;
import org.flinkllama.operators.task.method.GeneratedText;
import org.flinkllama.operators.task.method.Generation;
import org.flinkllama.operators.task.method.LabelScoring;
import org.flinkllama.operators.task.method.Step;
import org.flinkllama.schemas.v1.Answer;
import org.flinkllama.schemas.v1.Document;
import org.flinkllama.schemas.v1.Enrichment;
import org.flinkllama.schemas.v1.FinishReason;
import org.flinkllama.schemas.v1.InputRecord;
import org.flinkllama.schemas.v1.PromptOutput;
import org.flinkllama.schemas.v1.Provenance;
import org.flinkllama.schemas.v1.Sentiment;
import org.flinkllama.schemas.v1.SourcePosition;
import org.flinkllama.schemas.v1.Summary;

/// One document's whole run: it gives requests, takes their outcomes in any order, gives further requests, and ends
/// with the enrichment or a rejection. The end is the same whatever the order of the outcomes; a task that fails lets
/// the others end, so that the reason told is always that of the first task that failed.
///
/// Belongs to one thread.
public final class DocumentEnrichment {
    private final TaskModel model;
    private final EnrichmentOptions options;
    private final Document document;
    private final InputRecord record;

    private final List<TaskRun<?>> runs = new ArrayList<>();
    private final List<TaskRun<Answer>> answers = new ArrayList<>();
    private final List<TaskRun<PromptOutput>> outputs = new ArrayList<>();
    private TaskRun<Summary> summary; // null where not asked for
    private TaskRun<Sentiment> sentiment; // null where not asked for
    private final Map<String, Awaited> awaited = new HashMap<>(); // by id of inquiry

    /// @param record where the document came from
    /// @throws RecordRejectedException where no prompt can be made of the document; stage `PROMPT`
    public DocumentEnrichment(TaskModel model, EnrichmentOptions options, Document document, InputRecord record)
            throws RecordRejectedException {
        this.model = model;
        this.options = options;
        this.document = document;
        this.record = record;
        start();
    }

    /// A request with the id by which its outcome is handed in: task, round and index, the same whenever the same
    /// document is worked on.
    public record Inquiry(String id, Request request) {}

    /// How a run ended.
    public sealed interface End {
        record Enriched(Enrichment enrichment) implements End {}

        record Rejected(Rejection rejection) implements End {}
    }

    private record Awaited(TaskRun<?> run, int index) {}

    /// The first requests, in order; none where the options ask nothing of this document, which has then ended.
    public List<Inquiry> inquiries() {
        List<Inquiry> inquiries = new ArrayList<>();
        runs.forEach(run -> inquire(run, inquiries));
        return inquiries;
    }

    /// Takes the outcome of the inquiry with this id.
    ///
    /// @return further requests; none where others are awaited or the run has ended
    public List<Inquiry> outcome(String id, Outcome outcome) {
        Awaited inquiry = awaited.remove(id);
        List<Inquiry> inquiries = new ArrayList<>();
        if (inquiry.run().outcome(inquiry.index(), outcome)) {
            inquire(inquiry.run(), inquiries);
        }
        return inquiries;
    }

    /// Whether every task has ended.
    public boolean ended() {
        return runs.stream().allMatch(TaskRun::ended);
    }

    /// How the run ended, once it has.
    public End end() {
        for (TaskRun<?> run : runs) {
            if (run.rejection() != null) {
                return new End.Rejected(run.rejection());
            }
        }
        return new End.Enriched(enrichment());
    }

    public int promptTokens() {
        return runs.stream().mapToInt(TaskRun::promptTokens).sum();
    }

    public int completionTokens() {
        return runs.stream().mapToInt(TaskRun::completionTokens).sum();
    }

    private void start() throws RecordRejectedException {
        DocumentPrompts prompts = new DocumentPrompts(model.prompts(), document.getTitle(), document.getText());
        Assignment assignment = options.assignment();
        TokenLimits limits = options.maxTokens();
        if (assignment.tasks().contains(Task.SUMMARY)) {
            summary = run("summary", summary(prompts, limits.summary()));
        }
        if (assignment.tasks().contains(Task.SENTIMENT)) {
            sentiment = run("sentiment", LabelScoring.start(prompts, assignment.labels()));
        }
        if (assignment.tasks().contains(Task.ANSWERS)) {
            Generation generation = new Generation(options.sampling(), limits.answer());
            List<String> questions = new ArrayList<>(assignment.questions());
            questions.addAll(document.getQuestions());
            for (String question : questions) {
                answers.add(run("answer." + answers.size(), Answers.start(prompts, generation, question)));
            }
        }
        Generation generation = new Generation(options.sampling(), limits.prompt());
        for (CustomPrompt prompt : assignment.prompts()) {
            outputs.add(run(
                    "prompt." + prompt.name(),
                    GeneratedText.output(prompts, generation, prompt.name(), prompt.instruction())));
        }
    }

    private Step<Summary> summary(DocumentPrompts prompts, int maxTokens) throws RecordRejectedException {
        return switch (model.prompts().profile().output()) {
            case GROUNDED -> ExtractiveSummary.start(prompts, maxTokens);
            case GENERATED -> GeneratedText.summary(prompts, new Generation(options.sampling(), maxTokens));
        };
    }

    private <R> TaskRun<R> run(String name, Step<R> first) {
        TaskRun<R> run = new TaskRun<>(name, first);
        runs.add(run);
        return run;
    }

    private void inquire(TaskRun<?> run, List<Inquiry> inquiries) {
        List<Request> requests = run.requests();
        for (int index = 0; index < requests.size(); index++) {
            inquiries.add(new Inquiry(run.id(index), requests.get(index)));
            awaited.put(run.id(index), new Awaited(run, index));
        }
    }

    private Enrichment enrichment() {
        Instant eventTime = document.getEventTime();
        if (eventTime == null && record.getTimestamp() != null) {
            eventTime = Instant.ofEpochMilli(record.getTimestamp());
        }
        return new Enrichment(
                document.getId(),
                eventTime,
                document.getAttributes(),
                summary == null ? null : summary.done().result(),
                sentiment == null ? null : sentiment.done().result(),
                answers.stream().map(run -> run.done().result()).toList(),
                outputs.stream().map(run -> run.done().result()).toList(),
                provenance());
    }

    private Provenance provenance() {
        Map<String, String> settings = options.asMap();
        settings.put("context-length", Integer.toString(model.prompts().contextLength()));
        Map<String, FinishReason> finishReasons = new TreeMap<>();
        runs.forEach(run -> finishReasons.put(run.name(), run.done().reason()));
        return new Provenance(
                model.name(),
                model.sha256(),
                model.prompts().profile().id(),
                settings,
                promptTokens(),
                completionTokens(),
                finishReasons,
                new SourcePosition(record.getTopic(), record.getPartition(), record.getOffset()));
    }
}
