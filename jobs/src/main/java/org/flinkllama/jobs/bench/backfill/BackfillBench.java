package org.flinkllama.jobs.bench.backfill;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.flinkllama.jobs.backfill.BackfillJob;
import org.flinkllama.jobs.bench.documents.DocumentPlan;
import org.flinkllama.jobs.bench.documents.DocumentStream;
import org.flinkllama.jobs.bench.speed.MeasurementException;
import org.flinkllama.jobs.bench.speed.Repetitions;
import org.flinkllama.jobs.bench.speed.Speed;
import org.flinkllama.jobs.local.TemporaryFolder;
import org.flinkllama.model.cache.CacheType;
import org.flinkllama.model.llama.LlamaModel;
import org.flinkllama.operators.replica.ReplicaOptions;

/// Compares a backfill with the engine that it runs on: the same requests, as many beside each other, on as many
/// threads. The engine has them all at its begin, as tokens and the longest first; the backfill has a file.
public final class BackfillBench {
    private final DocumentPlan plan;
    private final Archive archive;
    private final PrintWriter progress;

    /// @param progress where it is said what is being measured
    /// @throws IllegalArgumentException where the model can't be asked such prompts
    public BackfillBench(LlamaModel model, DocumentStream stream, CacheType cacheType, PrintWriter progress) {
        this.plan = new DocumentPlan(model, stream, cacheType);
        this.archive = new Archive(plan);
        this.progress = progress;
    }

    /// How keys and values are stored.
    public CacheType cacheType() {
        return plan.replica().cacheType();
    }

    /// Prompts of 120 tokens that share 60, and 16 tokens generated: many documents in little time.
    public static DocumentStream documents(int count, int sequences) {
        if (count < 1) {
            throw new IllegalArgumentException("Option 'backfill' is " + count + "; expected 1 or more.");
        }
        return new DocumentStream(count, sequences, 120, 60, 16);
    }

    /// Compiles the kernels as `repetitions` say, then measures both, one after the other, as often as they say.
    public BackfillSpeed run(int threads, Repetitions repetitions) throws IOException, InterruptedException {
        DocumentStream stream = plan.stream();
        ReplicaOptions replica =
                plan.replica().withPrefillChunk(BackfillJob.PREFILL_CHUNK).withThreads(threads);
        try (TemporaryFolder folder = TemporaryFolder.create("flink-llama-bench-");
                EngineAlone first = new EngineAlone(replica, archive.requests(stream.warmUpDocuments()));
                EngineAlone engine = new EngineAlone(replica, archive.requests(stream.documents()))) {
            Path file = folder.path().resolve("documents.jsonl");
            archive.write(file);
            repetitions.warmUp(first);
            WholeBackfill backfill = new WholeBackfill(file, plan.options(), replica, progress);
            List<Passage> alone = new ArrayList<>();
            List<Passage> whole = new ArrayList<>();
            for (int repetition = 0; repetition < repetitions.count(); repetition++) {
                alone.add(said("engine", engine.pass()));
                whole.add(said("backfill", backfill.run()));
                requireSame(alone.getLast(), whole.getLast());
            }
            return speed(replica, alone, whole);
        }
    }

    private Passage said(String what, Passage passage) {
        progress.println(String.format(
                Locale.ROOT,
                "%s: %.1f tokens/s, %.2f s of processors for 1,000",
                what,
                passage.tokensPerSecond(),
                passage.processorSeconds()));
        progress.flush();
        return passage;
    }

    private static void requireSame(Passage alone, Passage whole) {
        if (!alone.tokens().equals(whole.tokens())) {
            throw new MeasurementException("The backfill did " + whole.tokens()
                    + "; expected what the engine alone did, " + alone.tokens() + ". Its log says more.");
        }
    }

    private BackfillSpeed speed(ReplicaOptions replica, List<Passage> alone, List<Passage> whole) {
        TokenCount tokens = alone.getFirst().tokens();
        double documents = tokens.documents();
        double[] shares = IntStream.range(0, alone.size())
                .mapToDouble(pair ->
                        whole.get(pair).tokensPerSecond() / alone.get(pair).tokensPerSecond())
                .toArray();
        return new BackfillSpeed(
                replica.threads(),
                replica.maxSequences(),
                tokens.documents(),
                tokens.prompt() / documents,
                plan.texts().sharedTokens(),
                tokens.generated() / documents,
                speed(alone, Passage::tokensPerSecond),
                speed(whole, Passage::tokensPerSecond),
                Speed.of(shares),
                speed(alone, Passage::processorSeconds).median(),
                speed(whole, Passage::processorSeconds).median());
    }

    private static Speed speed(List<Passage> passages, ToDoubleFunction<Passage> figure) {
        return Speed.of(passages.stream().mapToDouble(figure).toArray());
    }
}
