package org.flinkllama.jobs.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.flinkllama.jobs.cli.arguments.EngineArguments;
import org.flinkllama.jobs.cli.arguments.KafkaArguments;
import org.flinkllama.jobs.cli.arguments.ModelArguments;
import org.flinkllama.jobs.cli.arguments.TaskArguments;
import org.flinkllama.jobs.cli.arguments.TimeConverter;
import org.flinkllama.jobs.cli.arguments.Usage;
import org.flinkllama.jobs.enrich.EnrichmentJob;
import org.flinkllama.jobs.enrich.LocalEnrichment;
import org.flinkllama.jobs.enrich.Outputs;
import org.flinkllama.jobs.enrich.Restore;
import org.flinkllama.jobs.kafka.KafkaCluster;
import org.flinkllama.jobs.kafka.KafkaConnection;
import org.flinkllama.jobs.kafka.RecordSource;
import org.flinkllama.operators.enrich.EnrichmentPlan;
import org.flinkllama.operators.format.RecordFormat;
import org.flinkllama.operators.replica.ReplicaOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Kafka to Kafka, for ever.
@Command(
        name = "enrich",
        header = "Enrich a Kafka topic of documents: summary, sentiment, answers, your own prompts.",
        customSynopsis = {
            "flink-llama enrich --bootstrap-servers=HOST:PORT --input=TOPIC",
            "                          --output=TOPIC --dead-letters=TOPIC [OPTIONS]"
        },
        description = {
            "%nReads documents from a topic, writes one enrichment for each to another topic and whatever can't be worked"
                    + " on to a third, exactly once: consumers with isolation.level=read_committed see every document once,"
                    + " also when this process is killed and started again with the same command.",
            "%nFlink runs in this process. The same arguments, behind this class, start the job on a Flink cluster.",
            "%nExamples:",
            "  flink-llama enrich --bootstrap-servers kafka:9092 \\",
            "    --input documents --output enrichments --dead-letters refused \\",
            "    --model Llama-3.2-1B-Instruct-Q8_0.gguf",
            "  flink-llama enrich -b kafka:9093 --kafka-config tls.properties \\",
            "    --input reviews --output scores --dead-letters reviews-refused \\",
            "    --tasks sentiment --labels good,bad"
        },
        exitCodeList = {
            "0:the input has ended",
            "1:failed; the last line of standard error says why",
            "2:wrong use",
            "130, 143:stopped by Ctrl-C or SIGTERM; the same command goes on"
        })
final class EnrichCommand implements Callable<Integer> {
    private static final Duration SHORTEST_INTERVAL = Duration.ofMillis(100);

    @Spec
    private CommandSpec command;

    @Mixin
    private KafkaArguments kafka;

    @Option(names = "--input", paramLabel = "TOPIC", required = true, description = "Topic of the documents.")
    private String input;

    @Option(names = "--output", paramLabel = "TOPIC", required = true, description = "Topic of the enrichments.")
    private String output;

    @Option(
            names = "--dead-letters",
            paramLabel = "TOPIC",
            required = true,
            description = "Topic of the records that can't be enriched, as they came, with headers that say why.")
    private String deadLetters;

    @Option(names = "--create-topics", description = "Create the topics that are missing.")
    private boolean createTopics;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = "json",
            description = "How documents and enrichments are written: json, or avro (single-object encoding)."
                    + " Default: ${DEFAULT-VALUE}.")
    private RecordFormat format;

    @Option(
            names = "--input-format",
            paramLabel = "FORMAT",
            description = "How documents are written, where it differs.")
    private RecordFormat inputFormat;

    @Option(
            names = "--output-format",
            paramLabel = "FORMAT",
            description = "How enrichments are written, where it differs.")
    private RecordFormat outputFormat;

    @Option(
            names = "--start",
            paramLabel = "WHERE",
            defaultValue = "earliest",
            description = "Where a job without a checkpoint begins: earliest, latest, or committed (where the group"
                    + " stopped). Default: ${DEFAULT-VALUE}.")
    private RecordSource.Start start;

    @Option(
            names = "--group-id",
            paramLabel = "GROUP",
            description = "Consumer group that progress is reported under. Default: flink-llama- and the job's name.")
    private String groupId;

    @Mixin
    private ModelArguments model;

    @Mixin
    private EngineArguments engine;

    @Mixin
    private TaskArguments tasks;

    @Option(
            names = "--parallelism",
            paramLabel = "N",
            defaultValue = "1",
            description =
                    "Subtasks of each operator, which share the threads. Default: ${DEFAULT-VALUE}, the fastest on"
                            + " one machine.")
    private int parallelism;

    @Option(
            names = "--job-name",
            paramLabel = "NAME",
            description = "Tells this job from others; letters, digits and . _ -. Default: made of the topics' names.")
    private String jobName;

    @Option(
            names = "--checkpoint-interval",
            paramLabel = "TIME",
            defaultValue = "5s",
            converter = TimeConverter.class,
            description = "Time between checkpoints; results become visible with each. 100ms or more, default"
                    + " ${DEFAULT-VALUE}.")
    private Duration checkpointInterval;

    @Option(
            names = "--checkpoint-dir",
            paramLabel = "FOLDER",
            description = "Folder for the checkpoints of jobs that run in this process. Default: flink-llama/jobs in"
                    + " $XDG_STATE_HOME or ~/.local/state.")
    private Path checkpointFolder;

    @Option(
            names = "--restore",
            paramLabel = "WHAT",
            defaultValue = "auto",
            description = "auto goes on from the last checkpoint of an earlier run, none begins anew, a path is the"
                    + " checkpoint or savepoint to begin from. Default: ${DEFAULT-VALUE}.")
    private String restore;

    @Option(names = "--quiet", description = "Don't say how far the job is.")
    private boolean quiet;

    /// Whether Flink's own client runs this class, and not the `java` command: the client loads the job's jar by
    /// a class loader of its own.
    static boolean inCluster() {
        return Thread.currentThread().getContextClassLoader() != ClassLoader.getSystemClassLoader();
    }

    @Override
    public Integer call() throws Exception {
        EnrichmentJob job = job();
        String fingerprint;
        int transactionTimeout;
        try (KafkaCluster cluster = KafkaCluster.connect(job.connection())) {
            prepareTopics(cluster, job);
            fingerprint = cluster.fingerprint(input);
            transactionTimeout = cluster.transactionTimeout();
        }
        if (inCluster()) {
            submit(job, transactionTimeout);
        } else {
            Path folder = checkpointFolder().resolve(job.name() + "-" + fingerprint);
            PrintWriter progress = quiet
                    ? new PrintWriter(Writer.nullWriter())
                    : command.commandLine().getErr();
            new LocalEnrichment(folder, Restore.of(restore), parallelism, checkpointInterval)
                    .run(job, transactionTimeout, progress);
        }
        return 0;
    }

    private EnrichmentJob job() throws IOException {
        if (parallelism < 1) {
            throw Usage.mistake(command, "Option 'parallelism' is " + parallelism + "; expected 1 or more.");
        }
        if (checkpointInterval.compareTo(SHORTEST_INTERVAL) < 0) {
            throw Usage.mistake(
                    command,
                    "Option 'checkpoint-interval' is " + checkpointInterval.toMillis() + "ms; expected 100ms or more.");
        }
        String name = name();
        KafkaConnection connection = kafka.connection();
        RecordSource source = new RecordSource(
                input, groupId == null ? "flink-llama-" + name : groupId, start, RecordSource.End.NEVER);
        Outputs outputs = new Outputs(output, outputFormat == null ? format : outputFormat, deadLetters);
        return new EnrichmentJob(name, connection, source, outputs, plan());
    }

    private EnrichmentPlan plan() throws IOException {
        RecordFormat read = inputFormat == null ? format : inputFormat;
        ReplicaOptions replica = engine.bound(inCluster() ? model.replica() : model.checkedReplica(parallelism));
        return EnrichmentPlan.of(read.documentReader(), tasks.options(), replica);
    }

    private String name() {
        String name = Optional.ofNullable(jobName)
                .orElse(("enrich-" + input + "-" + output).replaceAll("[^A-Za-z0-9._-]", "-"));
        if (!name.matches("[A-Za-z0-9._-]{1,150}")) {
            throw Usage.mistake(
                    command,
                    "Option 'job-name' is '" + name + "'; expected 1 to 150 letters, digits, '.', '_' or '-'.");
        }
        return name;
    }

    private void prepareTopics(KafkaCluster cluster, EnrichmentJob job) {
        if (createTopics) {
            cluster.create(List.of(input), 1);
            cluster.createDeadLetters(deadLetters, input);
            cluster.create(job.topics(), cluster.partitions(input));
        } else {
            cluster.requireTopics(job.topics());
        }
        cluster.adviceOnRecordLimits(input, deadLetters)
                .ifPresent(command.commandLine().getErr()::println);
    }

    private void submit(EnrichmentJob job, int transactionTimeout) throws Exception {
        StreamExecutionEnvironment environment = StreamExecutionEnvironment.getExecutionEnvironment();
        environment.configure(EnrichmentJob.configuration(checkpointInterval));
        environment.setParallelism(parallelism);
        job.build(environment, transactionTimeout);
        environment.execute(job.name());
    }

    private Path checkpointFolder() {
        if (checkpointFolder != null) {
            return checkpointFolder;
        }
        String state = System.getenv("XDG_STATE_HOME");
        Path root = state == null || state.isBlank()
                ? Path.of(System.getProperty("user.home"), ".local", "state")
                : Path.of(state);
        return root.resolve("flink-llama").resolve("jobs");
    }
}
