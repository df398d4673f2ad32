package org.flinkllama.jobs.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.flinkllama.jobs.backfill.BackfillJob;
import org.flinkllama.jobs.bench.Bench;
import org.flinkllama.jobs.bench.BenchOptions;
import org.flinkllama.jobs.bench.BenchReport;
import org.flinkllama.jobs.bench.ModelShape;
import org.flinkllama.jobs.bench.RandomModelFile;
import org.flinkllama.jobs.bench.RandomType;
import org.flinkllama.jobs.bench.ReportTable;
import org.flinkllama.jobs.bench.backfill.BackfillBench;
import org.flinkllama.jobs.bench.documents.DocumentStream;
import org.flinkllama.jobs.bench.job.CheckpointBench;
import org.flinkllama.jobs.bench.job.CheckpointLoad;
import org.flinkllama.jobs.bench.job.DocumentBench;
import org.flinkllama.jobs.bench.speed.Repetitions;
import org.flinkllama.jobs.cli.arguments.CacheArguments;
import org.flinkllama.jobs.cli.arguments.ModelLocationConverter;
import org.flinkllama.jobs.cli.arguments.TimeConverter;
import org.flinkllama.jobs.cli.arguments.Usage;
import org.flinkllama.model.llama.BundledModel;
import org.flinkllama.model.llama.LlamaModel;
import org.flinkllama.operators.fetch.HostFiles;
import org.flinkllama.operators.replica.ModelLocation;
import org.flinkllama.operators.replica.WantedModel;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/// How fast a model is here.
@Command(
        name = "bench",
        header = "Measure how fast a model is on this machine.",
        description = {
            "%nReads prompts and decodes sequences beside each other, on the engine that the jobs use, and prints tokens"
                    + " per second: the median of several measurements, after a warm-up that ends when it gets no"
                    + " faster. With --documents, runs the whole Flink job instead, and with --backfill compares a backfill with the"
                    + " engine. Other work on the machine makes"
                    + " figures worthless: look at the load that is printed with them.",
            "%nWith --shape it writes itself a model of random weights, once, which is as fast as the real one.",
            "%nExamples:",
            "  flink-llama bench --shape smol135m --threads 1,2",
            "  flink-llama bench --shape llama1b --type Q4_0 --batch 1,8 --prefill 128 --json",
            "  flink-llama bench M.gguf --documents 64 --in-flight 8",
            "  flink-llama bench M.gguf --backfill 1000"
        })
final class BenchCommand implements Callable<Integer> {
    private static final Duration SHORTEST = Duration.ofMillis(500);
    private static final int SEED = 1;
    private static final int IN_FLIGHT = 8;

    @Spec
    private CommandSpec command;

    @Parameters(
            arity = "0..1",
            paramLabel = "MODEL",
            converter = ModelLocationConverter.class,
            description = "Llama model as a GGUF file. Default: the small model that comes with Flink Llama.")
    private ModelLocation model;

    @Option(
            names = "--shape",
            paramLabel = "SHAPE",
            description =
                    "Random weights in the shape of a known model, instead of MODEL: starter, smol135m, tinyllama,"
                            + " llama1b or llama8b. The file is kept in the user's cache folder.")
    private ModelShape shape;

    @Option(
            names = "--type",
            paramLabel = "TYPE",
            converter = TypeConverter.class,
            description = "Type of the random weights, such as Q8_0, Q4_0, Q4_K, Q4_K_M or F16. Default: Q8_0.")
    private RandomType type;

    @Option(
            names = "--threads",
            paramLabel = "N",
            split = ",",
            description = "Counts of threads that compute, each measured. Default: as many as there are processors.")
    private List<Integer> threads = List.of(Runtime.getRuntime().availableProcessors());

    @Option(
            names = "--prefill",
            paramLabel = "N",
            split = ",",
            defaultValue = "128,512",
            description = "Lengths of prompts in tokens, each measured; 0 leaves them out. Default: ${DEFAULT-VALUE}.")
    private List<Integer> prefill;

    @Option(
            names = "--batch",
            paramLabel = "N",
            split = ",",
            defaultValue = "1,2,4,8,16",
            description = "Counts of sequences that are decoded beside each other, each measured; 0 leaves them out."
                    + " Default: ${DEFAULT-VALUE}.")
    private List<Integer> batch;

    @Option(
            names = "--context",
            paramLabel = "N",
            defaultValue = "16",
            description = "Tokens of each sequence before those that are decoded. Default: ${DEFAULT-VALUE}.")
    private int context;

    @Option(
            names = "--decode-tokens",
            paramLabel = "N",
            defaultValue = "64",
            description = "Tokens decoded of each sequence. Default: ${DEFAULT-VALUE}.")
    private int decodeTokens;

    @Mixin
    private CacheArguments cache;

    @Option(
            names = "--repetitions",
            paramLabel = "N",
            description = "Measurements of each figure; the median counts. Default: 5, and 3 of a backfill.")
    private Integer repetitions;

    @Option(
            names = "--warm-up",
            paramLabel = "TIME",
            defaultValue = "30s",
            converter = TimeConverter.class,
            description = "Longest warm-up of each figure. Default: ${DEFAULT-VALUE}.")
    private Duration warmUp;

    @Option(
            names = "--documents",
            paramLabel = "N",
            description =
                    "Measure the whole Flink job instead: N documents, prompts of 200 tokens that share 60, and 40"
                            + " tokens generated for each.")
    private Integer documents;

    @Option(
            names = "--in-flight",
            paramLabel = "N",
            description = "Documents of the job that are computed beside each other. Default: 8, and of a backfill"
                    + " as many as the command backfill.")
    private Integer inFlight;

    @Option(
            names = "--backfill",
            paramLabel = "N",
            description = "Compare a whole backfill of N documents with the engine alone instead: prompts of 80 to 160"
                    + " tokens that share 60, and 16 tokens generated for each.")
    private Integer backfill;

    @Option(
            names = "--checkpoints",
            paramLabel = "TIME",
            converter = TimeConverter.class,
            description = "Time the whole Flink job's checkpoints instead, for so long, while its source has more"
                    + " documents than it can take.")
    private Duration checkpoints;

    @Option(
            names = "--prompt-tokens",
            paramLabel = "N",
            defaultValue = "1024",
            description = "Tokens of the prompts under which checkpoints are timed. Default: ${DEFAULT-VALUE}.")
    private int promptTokens;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Override
    public Integer call() throws Exception {
        Repetitions measurements = Usage.checked(
                command, () -> new Repetitions(orElse(repetitions, backfill == null ? 5 : 3), SHORTEST, warmUp));
        BenchOptions options = Usage.checked(
                command,
                () -> new BenchOptions(
                        threads,
                        unlessZero(prefill),
                        unlessZero(batch),
                        context,
                        decodeTokens,
                        cache.type(),
                        measurements));
        try (LlamaModel opened = LlamaModel.open(file())) {
            print(report(opened, options));
        }
        return 0;
    }

    private BenchReport report(LlamaModel opened, BenchOptions options) throws Exception {
        if (checkpoints != null) {
            return checkpoints(opened, options);
        }
        if (backfill != null) {
            return backfill(opened, options);
        }
        return documents == null ? engine(opened, options) : documents(opened, options);
    }

    private BenchReport checkpoints(LlamaModel opened, BenchOptions options) throws Exception {
        CheckpointLoad load = Usage.checked(
                command, () -> new CheckpointLoad(checkpoints, orElse(inFlight, IN_FLIGHT), promptTokens));
        CheckpointBench job = Usage.checked(command, () -> new CheckpointBench(opened, load, options.cacheType()));
        return new Bench(opened, command.commandLine().getErr()).checkpoints(job, threads);
    }

    private BenchReport engine(LlamaModel opened, BenchOptions options) throws Exception {
        Usage.checked(command, () -> options.checkedFor(opened.contextLength()));
        return new Bench(opened, command.commandLine().getErr()).engine(options);
    }

    private BenchReport documents(LlamaModel opened, BenchOptions options) throws Exception {
        DocumentBench job = Usage.checked(
                command,
                () -> new DocumentBench(
                        opened, DocumentStream.of(documents, orElse(inFlight, IN_FLIGHT)), options.cacheType()));
        return new Bench(opened, command.commandLine().getErr())
                .documents(job, options.threads(), options.repetitions());
    }

    private BenchReport backfill(LlamaModel opened, BenchOptions options) throws Exception {
        PrintWriter err = command.commandLine().getErr();
        BackfillBench bench = Usage.checked(
                command,
                () -> new BackfillBench(
                        opened,
                        BackfillBench.documents(backfill, orElse(inFlight, BackfillJob.MAX_SEQUENCES)),
                        options.cacheType(),
                        err));
        return new Bench(opened, err).backfills(bench, options.threads(), options.repetitions());
    }

    private static int orElse(Integer given, int otherwise) {
        return given == null ? otherwise : given;
    }

    private void print(BenchReport report) throws IOException {
        PrintWriter out = command.commandLine().getOut();
        if (json) {
            ObjectMapper mapper = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
            out.println(mapper.writeValueAsString(report));
        } else {
            new ReportTable(out).print(report);
        }
    }

    private static List<Integer> unlessZero(List<Integer> counts) {
        return counts.equals(List.of(0)) ? List.of() : counts;
    }

    private Path file() throws IOException, InterruptedException {
        if (shape == null) {
            if (type != null) {
                throw Usage.mistake(command, "Option 'type' is the type of random weights; give their --shape, too.");
            }
            return HostFiles.ofCommand(command.commandLine().getErr()::println)
                    .file(WantedModel.at(model == null ? new ModelLocation.Bundled() : model));
        }
        if (model != null) {
            throw Usage.mistake(
                    command, "Both the model '" + model.text() + "' and --shape are given; expected one of them.");
        }
        RandomModelFile random = new RandomModelFile(shape, type == null ? RandomType.Q8_0 : type, SEED);
        Path folder = BundledModel.file().resolveSibling("bench");
        try {
            return random.in(folder, command.commandLine().getErr());
        } catch (IllegalArgumentException cut) {
            throw Usage.mistake(command, cut.getMessage());
        }
    }

    /// A type by its name, or the sentence about the names that there are.
    static final class TypeConverter implements ITypeConverter<RandomType> {
        @Override
        public RandomType convert(String name) {
            return RandomType.named(name)
                    .orElseThrow(
                            () -> new TypeConversionException("'" + name + "' is no type of weights; expected one of "
                                    + String.join(", ", RandomType.names()) + "."));
        }
    }
}
