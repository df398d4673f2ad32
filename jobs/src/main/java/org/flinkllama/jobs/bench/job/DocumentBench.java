package org.flinkllama.jobs.bench.job;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.flinkllama.jobs.bench.job.EnrichmentMeter.Count;
import org.flinkllama.jobs.bench.speed.DecodeShape;
import org.flinkllama.jobs.bench.speed.DecodeWorkload;
import org.flinkllama.jobs.bench.speed.MeasurementException;
import org.flinkllama.jobs.bench.speed.Repetitions;
import org.flinkllama.jobs.bench.speed.Workload;
import org.flinkllama.jobs.enrich.EnrichmentJob;
import org.flinkllama.jobs.local.LocalFlink;
import org.flinkllama.jobs.local.LocalJob;
import org.flinkllama.jobs.local.TemporaryFolder;
import org.flinkllama.model.cache.CacheType;
import org.flinkllama.model.chat.ChatTemplate;
import org.flinkllama.model.llama.LlamaModel;
import org.flinkllama.operators.enrich.EnrichmentPlan;
import org.flinkllama.operators.enrich.EnrichmentTopology;
import org.flinkllama.operators.format.RecordFormat;
import org.flinkllama.operators.replica.ReplicaOptions;
import org.flinkllama.operators.task.Assignment;
import org.flinkllama.operators.task.CustomPrompt;
import org.flinkllama.operators.task.EnrichmentOptions;
import org.flinkllama.operators.task.TokenLimits;
import org.flinkllama.operators.task.prompt.ModelPrompts;
import org.flinkllama.operators.task.prompt.PromptProfile;
import org.flinkllama.schemas.v1.DeadLetter;
import org.flinkllama.schemas.v1.Enrichment;
import org.flinkllama.schemas.v1.InputRecord;

/// Runs the enrichment topology in this process, with checkpoints, from a source in memory to nowhere.
public final class DocumentBench {
    private static final Duration CHECKPOINT_INTERVAL = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofMillis(200);

    private final LlamaModel model;
    private final DocumentStream stream;
    private final CacheType cacheType;
    private final int contextLength;
    private final DocumentTexts texts;

    /// @throws IllegalArgumentException where the model can't be asked such prompts
    public DocumentBench(LlamaModel model, DocumentStream stream, CacheType cacheType) {
        ChatTemplate template = model.chatTemplate()
                .orElseThrow(() -> new IllegalArgumentException("Model '" + model.name()
                        + "' names no chat template that is known, which documents need. Leave --documents out."));
        this.model = model;
        this.stream = stream;
        this.cacheType = cacheType;
        // Room for words that take several tokens; more would only cost memory.
        this.contextLength = Math.min(model.contextLength(), 2 * (stream.promptTokens() + stream.generatedTokens()));
        PromptProfile profile = PromptProfile.chosen(PromptProfile.AUTO, template.name());
        this.texts = new DocumentTexts(
                new ModelPrompts(profile, template, model.tokenizer(), contextLength),
                stream.sharedTokens(),
                stream.promptTokens());
    }

    /// Compiles the kernels as `warmUp` says, then sends the documents through the job.
    public DocumentSpeed run(int threads, Repetitions warmUp) throws IOException, InterruptedException {
        DecodeShape shape = new DecodeShape(
                stream.inFlight(),
                Math.min(stream.promptTokens(), contextLength / 2),
                stream.generatedTokens(),
                cacheType);
        try (Workload decode = new DecodeWorkload(model, threads, shape)) {
            warmUp.warmUp(decode);
        }
        Count count = runJob(threads);
        if (count.documents() != stream.documents()) {
            throw new MeasurementException("The job ended behind " + count.documents() + " documents; expected "
                    + stream.documents() + ". Its log says more.");
        }
        double seconds = count.nanos() / 1e9;
        double documents = count.documents();
        return new DocumentSpeed(
                threads,
                stream.inFlight(),
                count.documents(),
                count.promptTokens() / documents,
                texts.sharedTokens(),
                count.generatedTokens() / documents,
                documents / seconds,
                (count.promptTokens() + count.generatedTokens()) / seconds);
    }

    private Count runJob(int threads) throws IOException, InterruptedException {
        try (TemporaryFolder checkpoints = TemporaryFolder.create("flink-llama-bench-")) {
            LocalFlink flink = new LocalFlink(EnrichmentJob.configuration(CHECKPOINT_INTERVAL), 1)
                    .withCheckpoints(checkpoints.path())
                    .withoutRestarts();
            StreamExecutionEnvironment environment =
                    StreamExecutionEnvironment.createLocalEnvironment(flink.configuration());
            build(environment, plan(threads));
            try (LocalJob job = LocalJob.start(environment, "flink-llama-bench")) {
                while (!job.ended(PATIENCE)) {
                    // Nothing to do meanwhile: the job has the machine to itself.
                }
                return Count.of(job.counters());
            }
        }
    }

    private void build(StreamExecutionEnvironment environment, EnrichmentPlan plan) {
        List<byte[]> values = LongStream.range(0, stream.warmUpDocuments() + stream.documents())
                .mapToObj(texts::document)
                .toList();
        DataGeneratorSource<InputRecord> source = new DataGeneratorSource<>(
                new DocumentRecords(values), values.size(), new AvroTypeInfo<>(InputRecord.class));
        DataStream<InputRecord> records = environment
                .fromSource(source, WatermarkStrategy.noWatermarks(), "documents")
                .uid("documents");
        EnrichmentTopology.Results results = EnrichmentTopology.enrich(records, plan);
        results.enrichments()
                .map(new EnrichmentMeter(stream.warmUpDocuments()))
                .returns(new AvroTypeInfo<>(Enrichment.class))
                .uid("meter")
                .sinkTo(new DiscardingSink<>())
                .uid("enrichments");
        results.deadLetters()
                .map(new NoDeadLetter())
                .returns(new AvroTypeInfo<>(DeadLetter.class))
                .uid("no-dead-letter")
                .sinkTo(new DiscardingSink<>())
                .uid("dead-letters");
    }

    private EnrichmentPlan plan(int threads) {
        EnrichmentOptions options = EnrichmentOptions.DEFAULT
                .withAssignment(Assignment.DEFAULT
                        .withPrompts(List.of(new CustomPrompt("bench", texts.instruction())))
                        .withTasks(Set.of()))
                .withMaxTokens(new TokenLimits(1, 1, stream.generatedTokens()));
        ReplicaOptions replica = ReplicaOptions.of(model.path().toAbsolutePath())
                .withThreads(threads)
                .withMaxSequences(stream.inFlight())
                .withContextLength(contextLength)
                .withCacheType(cacheType);
        return EnrichmentPlan.of(RecordFormat.JSON.documentReader(), options, replica);
    }
}
