package org.flinkllama.jobs.cli.backfill;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.flinkllama.jobs.archive.output.DoneIds;
import org.flinkllama.jobs.backfill.BackfillInput;
import org.flinkllama.jobs.backfill.BackfillJob;
import org.flinkllama.jobs.backfill.BackfillOutput;
import org.flinkllama.jobs.cli.arguments.EngineArguments;
import org.flinkllama.jobs.cli.arguments.InferenceArguments;
import org.flinkllama.jobs.cli.arguments.ModelArguments;
import org.flinkllama.jobs.cli.arguments.TaskArguments;
import org.flinkllama.jobs.cli.arguments.Usage;
import org.flinkllama.jobs.cli.job.ExecutionArguments;
import org.flinkllama.jobs.cli.job.KafkaArguments;
import org.flinkllama.jobs.cli.job.RegistryArguments;
import org.flinkllama.jobs.kafka.KafkaCluster;
import org.flinkllama.jobs.kafka.KafkaConnection;
import org.flinkllama.jobs.kafka.RecordSinks;
import org.flinkllama.operators.enrich.EnrichmentPlan;
import org.flinkllama.operators.format.registry.RegistryAccess;
import org.flinkllama.operators.replica.ReplicaOptions;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// An archive to files or Kafka, once.
@Command(
        name = "backfill",
        header = "Enrich an archive of documents: files or a stretch of a topic, to files or a topic.",
        customSynopsis = {
            "flink-llama backfill --input=PATH [--input=PATH ...] --output=FOLDER [OPTIONS]",
            "       flink-llama backfill --bootstrap-servers=HOST:PORT --input-topic=TOPIC",
            "                            [--from=WHERE] [--to=WHERE] --output=FOLDER [OPTIONS]"
        },
        description = {
            "%nReads every document once, enriches it as the command enrich does, and ends. Stopped by Ctrl-C or killed in"
                    + " any way, the same command goes on where it was, and no document is written twice; when all is"
                    + " done, it says so and does nothing. Malformed records go to rejects/ in the output folder, with"
                    + " file, line and reason.",
            "%nFiles are complete and have their numbered names when the command has ended; those that appear before are"
                    + " complete too, and files whose names begin with a dot are not.",
            "%nThe same arguments start a job on a Flink cluster: see flink-llama cluster submit. There a failure is"
                    + " met and checkpoints are kept as the cluster is set up; a job that was stopped with a savepoint goes"
                    + " on with --restore. Its files appear with checkpoints and keep their long names; --output must be"
                    + " new, and seen by the JobManager and every TaskManager, as must the input.",
            "%nExamples:",
            "  flink-llama backfill --input archive/ --output enriched/ \\",
            "    --model Llama-3.2-1B-Instruct-Q8_0.gguf",
            "  flink-llama backfill --input 'reviews/2026-*.csv.gz' --text-column body \\",
            "    --output scores/ --output-format avro --tasks sentiment",
            "  flink-llama backfill --input new/ --output enriched-2/ --skip-done enriched/",
            "  flink-llama backfill -b kafka:9092 --input-topic documents \\",
            "    --from 2026-01-01 --to 2026-02-01 --output january/"
        },
        exitCodeList = {
            "0:all is done",
            "1:failed; the last line of standard error says why, and the same command goes on",
            "2:wrong use",
            "130, 143:stopped by Ctrl-C or SIGTERM; the same command goes on"
        },
        defaultValueProvider = BackfillDefaults.class)
public final class BackfillCommand implements Callable<Integer> {
    private final BackfillRun run;

    @Spec
    private CommandSpec command;

    @Mixin
    private InputArguments input;

    @Mixin
    private OutputArguments output;

    @Option(
            names = "--skip-done",
            paramLabel = "PATH",
            converter = FileAddressConverter.class,
            description = "Leave out the documents whose ids these earlier outputs have: folders, files or globs of"
                    + " enrichments, JSON lines, Avro or Parquet; may be repeated.")
    private List<String> skipDone = new ArrayList<>();

    @Option(
            names = "--restart",
            description =
                    "Delete what an earlier run of this command wrote to the folder, and begin anew. Not on a cluster.")
    private boolean restart;

    @Option(
            names = "--work-dir",
            paramLabel = "FOLDER",
            description = "Folder for checkpoints. Default: _backfill in the output folder; with --output-topic,"
                    + " flink-llama/backfill in $XDG_STATE_HOME or ~/.local/state. A cluster has its own.")
    private Path workFolder;

    @Option(
            names = "--restore",
            paramLabel = "PATH",
            converter = FileAddressConverter.class,
            description = "On a cluster: the savepoint, or the last checkpoint, of the job that is to go on. It reads"
                    + " what that job found as its input.")
    private String restore;

    @Mixin
    private ExecutionArguments execution;

    @Option(names = "--quiet", description = "Don't say how far the backfill is.")
    private boolean quiet;

    @Mixin
    private ModelArguments model;

    @Mixin
    private EngineArguments engine;

    @Mixin
    private InferenceArguments inference;

    @Mixin
    private TaskArguments tasks;

    @ArgGroup(exclusive = false, heading = "%nKafka, for topics:%n")
    private KafkaArguments kafka;

    @Mixin
    private RegistryArguments registry;

    /// The command for this process.
    public BackfillCommand() {
        this(new LocalBackfill());
    }

    private BackfillCommand(BackfillRun run) {
        this.run = run;
    }

    /// The command for the environment that Flink gives.
    public static BackfillCommand forCluster() {
        return new BackfillCommand(new ClusterBackfill());
    }

    @Override
    public Integer call() throws Exception {
        BackfillRun.Options options = new BackfillRun.Options(
                restart,
                Optional.ofNullable(workFolder),
                Optional.ofNullable(restore),
                execution.parallelism(),
                execution.checkpointInterval());
        run.check(options, command);
        PrintWriter out = quiet
                ? new PrintWriter(Writer.nullWriter())
                : command.commandLine().getErr();
        run.run(new BackfillRun.Order(name(), output.folder(), options, settings(), out), this::job);
        return 0;
    }

    /// What tells this backfill from another, but for what is found when it begins.
    private Map<String, String> settings() throws IOException {
        Map<String, String> settings = new TreeMap<>(input.settings());
        settings.putAll(output.settings());
        registry().ifPresent(_ -> settings.put("schema-registry", "its wire format"));
        return settings;
    }

    /// @param range of the topic, where an earlier run has found it
    private BackfillRun.Made job(Optional<String> range) throws Exception {
        BackfillInput read =
                input.isTopic() ? input.topic(connection(), registry(), range, "flink-llama-" + name()) : input.files();
        ReplicaOptions replica = engine.bound(run.replica(model, execution.parallelism()));
        EnrichmentPlan plan = new EnrichmentPlan(read.reader(), tasks.options(), replica, inference.options(replica));
        return new BackfillRun.Made(new BackfillJob(read, written(), plan, DoneIds.in(skipDone)), replica);
    }

    private BackfillOutput written() throws IOException {
        Optional<String> folder = output.folder();
        if (folder.isPresent()) {
            return new BackfillOutput.Files(folder.get(), output.format());
        }
        List<String> topics = output.topics();
        try (KafkaCluster cluster = KafkaCluster.connect(connection())) {
            cluster.requireTopics(topics);
            return new BackfillOutput.Topics(
                    new RecordSinks(connection(), "flink-llama-" + name(), cluster.transactionTimeout()),
                    output.outputs(registry()));
        }
    }

    private Optional<RegistryAccess> registry() throws IOException {
        return registry.access(Stream.of(input.topicFormat(), output.topicFormat())
                .flatMap(Optional::stream)
                .toList());
    }

    private KafkaConnection connection() {
        if (kafka == null) {
            throw Usage.mistake(command, "Option --bootstrap-servers is missing; expected it beside a topic.");
        }
        return kafka.connection();
    }

    private String name() {
        String name = "backfill-" + input.label() + "-" + output.label();
        return name.replaceAll("[^A-Za-z0-9._-]", "-").substring(0, Math.min(150, name.length()));
    }
}
