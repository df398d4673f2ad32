package org.flinkllama.jobs.bench.job;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.WebOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.flinkllama.jobs.bench.documents.DocumentPlan;
import org.flinkllama.jobs.bench.job.EnrichmentMeter.Count;
import org.flinkllama.jobs.bench.speed.MeasurementException;
import org.flinkllama.jobs.enrich.EnrichmentJob;
import org.flinkllama.jobs.local.LocalFlink;
import org.flinkllama.jobs.local.LocalJob;
import org.flinkllama.jobs.local.TemporaryFolder;
import org.flinkllama.model.cache.CacheType;
import org.flinkllama.model.llama.LlamaModel;

/// Times checkpoints of the enrichment topology while its source has more documents than it can take.
public final class CheckpointBench {
    private static final Duration CHECKPOINT_INTERVAL = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofMillis(500);
    private static final int REMEMBERED_CHECKPOINTS = 10_000;
    private static final int TEXTS = 16;
    private static final Path STATUS = Path.of("/proc/self/status");

    private final BenchTopology topology;
    private final CheckpointLoad load;
    private final EndlessDocuments documents;
    private final CacheType cacheType;

    /// @throws IllegalArgumentException where the model can't be asked such prompts
    public CheckpointBench(LlamaModel model, CheckpointLoad load, CacheType cacheType) {
        DocumentPlan plan = new DocumentPlan(model, load.stream(), cacheType);
        this.topology = new BenchTopology(plan);
        this.load = load;
        this.cacheType = cacheType;
        this.documents = new EndlessDocuments(IntStream.range(0, TEXTS)
                .mapToObj(text -> plan.texts().words(text, load.promptTokens()))
                .toList());
    }

    /// How keys and values are stored.
    public CacheType cacheType() {
        return cacheType;
    }

    public CheckpointSpeed run(int threads) throws IOException, InterruptedException {
        try (TemporaryFolder checkpoints = TemporaryFolder.create("flink-llama-bench-")) {
            Configuration settings = EnrichmentJob.configuration(CHECKPOINT_INTERVAL);
            settings.set(WebOptions.CHECKPOINTS_HISTORY_SIZE, REMEMBERED_CHECKPOINTS);
            LocalFlink flink = new LocalFlink(settings, 1)
                    .withCheckpoints(checkpoints.path())
                    .withoutRestarts();
            String rest = flink.openWebUi();
            StreamExecutionEnvironment environment =
                    StreamExecutionEnvironment.createLocalEnvironment(flink.configuration());
            topology.build(environment, documents, Long.MAX_VALUE, threads);
            try (LocalJob job = LocalJob.start(environment, "flink-llama-bench")) {
                return watch(job, rest, threads);
            }
        }
    }

    private CheckpointSpeed watch(LocalJob job, String rest, int threads) throws IOException, InterruptedException {
        Count before = Count.of(job.counters());
        while (before.documents() == 0) {
            goOn(job);
            before = Count.of(job.counters());
        }
        long begin = System.currentTimeMillis();
        long processBegin = residentBytes();
        long end = begin + load.duration().toMillis();
        while (System.currentTimeMillis() < end) {
            goOn(job);
        }
        Count after = Count.of(job.counters());
        double seconds = (System.currentTimeMillis() - begin) / 1e3;
        CheckpointHistory history = CheckpointHistory.read(rest, job.id(), begin);
        long documents = after.documents() - before.documents();
        return new CheckpointSpeed(
                threads,
                load.inFlight(),
                (double) after.promptTokens() / after.documents(),
                seconds,
                documents / seconds,
                history.durations().size(),
                history.failed(),
                history.percentile(0.5),
                history.percentile(0.99),
                history.percentile(1),
                history.largest(),
                heapBytesBehindCollections(),
                processBegin,
                residentBytes());
    }

    private static void goOn(LocalJob job) throws InterruptedException {
        if (job.ended(PATIENCE)) {
            throw new MeasurementException("The job ended by itself; expected it to run without end.");
        }
    }

    private static long heapBytesBehindCollections() {
        List<MemoryPoolMXBean> pools = ManagementFactory.getMemoryPoolMXBeans();
        return pools.stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .map(MemoryPoolMXBean::getCollectionUsage)
                .filter(usage -> usage != null)
                .mapToLong(MemoryUsage::getUsed)
                .sum();
    }

    /// Bytes of the process that are in memory, −1 where the system does not tell.
    private static long residentBytes() throws IOException {
        if (!Files.isReadable(STATUS)) {
            return -1;
        }
        return Files.readAllLines(STATUS).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElse(-1);
    }
}
