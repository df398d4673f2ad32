package org.flinkllama.jobs.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import org.flinkllama.jobs.bench.BenchReport.Decode;
import org.flinkllama.jobs.bench.BenchReport.MemoryRead;
import org.flinkllama.jobs.bench.BenchReport.Prefill;
import org.flinkllama.jobs.bench.speed.DecodeShape;
import org.flinkllama.jobs.bench.speed.DecodeWorkload;
import org.flinkllama.jobs.bench.speed.DecoderWorkload;
import org.flinkllama.jobs.bench.speed.MemoryReadWorkload;
import org.flinkllama.jobs.bench.speed.PromptWorkload;
import org.flinkllama.jobs.bench.speed.Speed;
import org.flinkllama.jobs.bench.speed.Workload;
import org.flinkllama.model.llama.LlamaModel;

/// Measures a model on the engine, one thing after the other on an otherwise idle process.
public final class Bench {
    private static final double GIGA = 1e9;

    private final LlamaModel model;
    private final BenchOptions options;
    private final PrintWriter progress;

    /// @param progress where it is said what is being measured
    /// @throws IllegalArgumentException where the options ask more than the model can read
    public Bench(LlamaModel model, BenchOptions options, PrintWriter progress) {
        options.requireFit(model.contextLength());
        this.model = model;
        this.options = options;
        this.progress = progress;
    }

    public BenchReport run() throws IOException, InterruptedException {
        double load = Machine.load();
        MeasuredModel measured = MeasuredModel.of(model);
        List<MemoryRead> memoryReads = new ArrayList<>();
        List<Prefill> prefills = new ArrayList<>();
        List<Decode> decodes = new ArrayList<>();
        for (int threads : options.threads()) {
            MemoryRead memory = memoryRead(threads);
            memoryReads.add(memory);
            for (int tokens : options.prefill()) {
                prefills.add(prefill(threads, tokens));
            }
            for (int sequences : options.batch()) {
                decodes.add(decode(memory, options.decode(sequences), measured.stepWeightBytes()));
            }
        }
        return new BenchReport(measured, Machine.present(), load, Machine.load(), memoryReads, prefills, decodes);
    }

    private MemoryRead memoryRead(int threads) throws InterruptedException {
        say("reading memory", threads);
        try (Workload reading = new MemoryReadWorkload(threads)) {
            return new MemoryRead(
                    threads, options.repetitions().measure(reading).highest() / GIGA);
        }
    }

    private Prefill prefill(int threads, int tokens) throws InterruptedException {
        say("reading a prompt of " + tokens + " tokens", threads);
        try (Workload prompt = new PromptWorkload(model, threads, tokens)) {
            return new Prefill(threads, tokens, options.repetitions().measure(prompt));
        }
    }

    private Decode decode(MemoryRead memory, DecodeShape shape, long weightBytes) throws InterruptedException {
        int threads = memory.threads();
        say("decoding " + shape.sequences() + (shape.sequences() == 1 ? " sequence" : " sequences"), threads);
        Speed engine;
        Speed decoder;
        try (Workload decode = new DecodeWorkload(model, threads, shape)) {
            engine = options.repetitions().measure(decode);
        }
        try (Workload decode = new DecoderWorkload(model, threads, shape)) {
            decoder = options.repetitions().measure(decode);
        }
        double gigabytes = weightBytes * engine.median() / shape.sequences() / GIGA;
        return new Decode(
                threads,
                shape.sequences(),
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
