package org.flinkllama.jobs.bench.job;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.flinkllama.jobs.bench.documents.DocumentPlan;
import org.flinkllama.jobs.bench.documents.DocumentStream;
import org.flinkllama.jobs.bench.documents.DocumentTexts;
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
import org.flinkllama.model.llama.LlamaModel;

/// Runs the enrichment topology in this process, with checkpoints, from a source in memory to nowhere.
public final class DocumentBench {
    private static final Duration CHECKPOINT_INTERVAL = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofMillis(200);

    private final LlamaModel model;
    private final DocumentStream stream;
    private final DocumentPlan plan;
    private final DocumentTexts texts;

    /// @throws IllegalArgumentException where the model can't be asked such prompts
    public DocumentBench(LlamaModel model, DocumentStream stream, CacheType cacheType) {
        this.model = model;
        this.stream = stream;
        this.plan = new DocumentPlan(model, stream, cacheType);
        this.texts = plan.texts();
    }

    /// How keys and values are stored.
    public CacheType cacheType() {
        return plan.replica().cacheType();
    }

    /// Compiles the kernels as `warmUp` says, then sends the documents through the job.
    public DocumentSpeed run(int threads, Repetitions warmUp) throws IOException, InterruptedException {
        DecodeShape shape = new DecodeShape(
                stream.inFlight(),
                Math.min(stream.promptTokens(), plan.replica().contextLength() / 2),
                stream.generatedTokens(),
                cacheType());
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
            List<byte[]> values = LongStream.range(0, stream.warmUpDocuments() + stream.documents())
                    .mapToObj(number -> texts.document(number, stream.promptTokens()))
                    .toList();
            new BenchTopology(plan).build(environment, new DocumentRecords(values), values.size(), threads);
            try (LocalJob job = LocalJob.start(environment, "flink-llama-bench")) {
                while (!job.ended(PATIENCE)) {
                    // Nothing to do meanwhile: the job has the machine to itself.
                }
                return Count.of(job.counters());
            }
        }
    }
}
