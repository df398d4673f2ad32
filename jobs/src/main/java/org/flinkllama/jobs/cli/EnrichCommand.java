package org.flinkllama.jobs.cli;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.flinkllama.jobs.cli.arguments.EngineArguments;
import org.flinkllama.jobs.cli.arguments.InferenceArguments;
import org.flinkllama.jobs.cli.arguments.ModelArguments;
import org.flinkllama.jobs.cli.arguments.TaskArguments;
import org.flinkllama.jobs.cli.job.KafkaArguments;
import org.flinkllama.jobs.cli.job.RegistryArguments;
import org.flinkllama.jobs.cli.job.RunArguments;
import org.flinkllama.jobs.enrich.EnrichmentJob;
import org.flinkllama.jobs.enrich.Outputs;
import org.flinkllama.jobs.enrich.Progress;
import org.flinkllama.jobs.kafka.KafkaConnection;
import org.flinkllama.jobs.kafka.RecordSource;
import org.flinkllama.operators.enrich.EnrichmentPlan;
import org.flinkllama.operators.format.DocumentReader;
import org.flinkllama.operators.format.RecordFormat;
import org.flinkllama.operators.format.registry.RegistryAccess;
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
            "%nFlink runs in this process. The same arguments start the job on a Flink cluster: see flink-llama cluster submit.",
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

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = "json",
            description = "How documents and enrichments are written: json, or avro (single-object encoding,"
                    + " or with a schema registry its wire format)."
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

    @Mixin
    private RegistryArguments registry;

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
    private InferenceArguments inference;

    @Mixin
    private TaskArguments tasks;

    @Mixin
    private RunArguments run;

    @Override
    public Integer call() throws Exception {
        new JobLaunch(job(), run, Progress.report(), JobMain.started(command))
                .run(command.commandLine().getErr());
        return 0;
    }

    private EnrichmentJob job() throws IOException, InterruptedException {
        int parallelism = run.execution().parallelism();
        run.execution().checkpointInterval();
        String name = run.jobName("enrich-" + input + "-" + output);
        KafkaConnection connection = kafka.connection();
        RecordSource source = new RecordSource(
                input, groupId == null ? "flink-llama-" + name : groupId, start, RecordSource.End.NEVER);
        RecordFormat read = inputFormat == null ? format : inputFormat;
        RecordFormat written = outputFormat == null ? format : outputFormat;
        Optional<RegistryAccess> schemas = registry.access(read, written);
        EnrichmentPlan plan = plan(RegistryArguments.reader(schemas, read, input), parallelism);
        Outputs outputs = new Outputs(output, RegistryArguments.writer(schemas, written, output), deadLetters);
        return new EnrichmentJob(name, connection, source, outputs, plan);
    }

    private EnrichmentPlan plan(DocumentReader reader, int parallelism) throws IOException, InterruptedException {
        ReplicaOptions replica =
                engine.bound(JobMain.started(command) ? model.replica() : model.checkedReplica(parallelism));
        return new EnrichmentPlan(reader, tasks.options(), replica, inference.options(replica));
    }
}
