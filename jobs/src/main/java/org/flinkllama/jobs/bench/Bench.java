package org.flinkllama.jobs.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import org.flinkllama.jobs.bench.BenchReport.Decode;
import org.flinkllama.jobs.bench.BenchReport.MemoryRead;
import org.flinkllama.jobs.bench.BenchReport.Prefill;
import org.flinkllama.jobs.bench.backfill.BackfillBench;
import org.flinkllama.jobs.bench.backfill.BackfillSpeed;
import org.flinkllama.jobs.bench.job.CheckpointBench;
import org.flinkllama.jobs.bench.job.CheckpointSpeed;
import org.flinkllama.jobs.bench.job.DocumentBench;
import org.flinkllama.jobs.bench.job.DocumentSpeed;
import org.flinkllama.jobs.bench.speed.DecodeShape;
import org.flinkllama.jobs.bench.speed.DecodeWorkload;
import org.flinkllama.jobs.bench.speed.DecoderWorkload;
import org.flinkllama.jobs.bench.speed.MemoryReadWorkload;
import org.flinkllama.jobs.bench.speed.PromptWorkload;
import org.flinkllama.jobs.bench.speed.Repetitions;
import org.flinkllama.jobs.bench.speed.Speed;
import org.flinkllama.jobs.bench.speed.Workload;
import org.flinkllama.model.llama.LlamaModel;

/// Measures a model, one thing after the other in an otherwise idle process.
public final class Bench {
    private static final double GIGA = 1e9;

    private final LlamaModel model;
    private final PrintWriter progress;

    /// @param progress where it is said what is being measured
    public Bench(LlamaModel model, PrintWriter progress) {
        this.model = model;
        this.progress = progress;
    }

    /// Measures prompts and decoding on the engine.
    public BenchReport engine(BenchOptions options) throws IOException, InterruptedException {
        double load = Machine.load();
        MeasuredModel measured = MeasuredModel.of(model);
        List<MemoryRead> memoryReads = new ArrayList<>();
        List<Prefill> prefills = new ArrayList<>();
        List<Decode> decodes = new ArrayList<>();
        for (int threads : options.threads()) {
            MemoryRead memory = memoryRead(options, threads);
            memoryReads.add(memory);
            for (int tokens : options.prefill()) {
                prefills.add(prefill(options, threads, tokens));
            }
            for (int sequences : options.batch()) {
                decodes.add(decode(options, memory, sequences, measured.stepWeightBytes()));
            }
        }
        return new BenchReport(
                measured,
                options.cacheType().toString(),
                Machine.present(),
                load,
                Machine.load(),
                memoryReads,
                prefills,
                decodes,
                List.of(),
                List.of(),
                List.of());
    }

    /// Measures documents on their way through the whole job.
    ///
    /// @param warmUp how the kernels are warmed up before
    public BenchReport documents(DocumentBench job, List<Integer> threads, Repetitions warmUp)
            throws IOException, InterruptedException {
        double load = Machine.load();
        MeasuredModel measured = MeasuredModel.of(model);
        List<DocumentSpeed> speeds = new ArrayList<>();
        for (int count : threads) {
            say("documents through the whole job", count);
            speeds.add(job.run(count, warmUp));
        }
        return new BenchReport(
                measured,
                job.cacheType().toString(),
                Machine.present(),
                load,
                Machine.load(),
                List.of(),
                List.of(),
                List.of(),
                speeds,
                List.of(),
                List.of());
    }

    /// Times checkpoints of the whole job under more load than it can take.
    public BenchReport checkpoints(CheckpointBench job, List<Integer> threads)
            throws IOException, InterruptedException {
        double load = Machine.load();
        List<CheckpointSpeed> speeds = new ArrayList<>();
        for (int count : threads) {
            say("checkpoints under more load than the job can take", count);
            speeds.add(job.run(count));
        }
        return new BenchReport(
                MeasuredModel.of(model),
                job.cacheType().toString(),
                Machine.present(),
                load,
                Machine.load(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                speeds,
                List.of());
    }

    /// Compares a backfill with the engine alone.
    public BenchReport backfills(BackfillBench backfill, List<Integer> threads, Repetitions repetitions)
            throws IOException, InterruptedException {
        double load = Machine.load();
        List<BackfillSpeed> speeds = new ArrayList<>();
        for (int count : threads) {
            say("documents through the engine alone and through a backfill", count);
            speeds.add(backfill.run(count, repetitions));
        }
        return new BenchReport(
                MeasuredModel.of(model),
                backfill.cacheType().toString(),
                Machine.present(),
                load,
                Machine.load(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                speeds);
    }

    private MemoryRead memoryRead(BenchOptions options, int threads) throws InterruptedException {
        say("reading memory", threads);
        try (Workload reading = new MemoryReadWorkload(threads)) {
            return new MemoryRead(
                    threads, options.repetitions().measure(reading).highest() / GIGA);
        }
    }

    private Prefill prefill(BenchOptions options, int threads, int tokens) throws InterruptedException {
        say("reading a prompt of " + tokens + " tokens", threads);
        try (Workload prompt = new PromptWorkload(model, threads, tokens, options.cacheType())) {
            return new Prefill(threads, tokens, options.repetitions().measure(prompt));
        }
    }

    private Decode decode(BenchOptions options, MemoryRead memory, int sequences, long weightBytes)
            throws InterruptedException {
        int threads = memory.threads();
        DecodeShape shape = options.decode(sequences);
        say("decoding " + sequences + (sequences == 1 ? " sequence" : " sequences"), threads);
        List<Speed> speeds;
        try (Workload engine = new DecodeWorkload(model, threads, shape);
                Workload decoder = new DecoderWorkload(model, threads, shape)) {
            speeds = options.repetitions().measureInTurns(List.of(engine, decoder));
        }
        Speed engine = speeds.getFirst();
        Speed decoder = speeds.getLast();
        double gigabytes = weightBytes * engine.median() / sequences / GIGA;
        return new Decode(
                threads,
                sequences,
                shape.context(),
                engine,
                decoder,
                gigabytes,
                gigabytes / memory.gigabytesPerSecond());
    }

    private void say(String what, int threads) {
        progress.println("Measuring on " + threads + (threads == 1 ? " thread: " : " threads: ") + what + " …");
        progress.flush();
    }
}
