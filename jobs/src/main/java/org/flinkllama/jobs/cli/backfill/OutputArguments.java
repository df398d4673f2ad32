package org.flinkllama.jobs.cli.backfill;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.flinkllama.jobs.archive.file.ParquetModule;
import org.flinkllama.jobs.archive.output.OutputFormat;
import org.flinkllama.jobs.cli.arguments.Usage;
import org.flinkllama.jobs.cli.job.RegistryArguments;
import org.flinkllama.jobs.enrich.Outputs;
import org.flinkllama.operators.format.RecordFormat;
import org.flinkllama.operators.format.registry.RegistryAccess;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// What is written.
final class OutputArguments {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FOLDER",
            converter = FileAddressConverter.class,
            description = "Folder for the enrichments, new or empty; refused records are written to rejects/ in it.")
    private String folder;

    @Option(
            names = "--output-format",
            paramLabel = "FORMAT",
            defaultValue = "jsonl",
            description = "How enrichments are written to files: jsonl, avro or parquet. Default: ${DEFAULT-VALUE}.")
    private OutputFormat format;

    @Option(names = "--output-topic", paramLabel = "TOPIC", description = "Write to a Kafka topic, and no files.")
    private String topic;

    @Option(
            names = "--dead-letters",
            paramLabel = "TOPIC",
            description = "With --output-topic: topic of the records that can't be enriched.")
    private String deadLetters;

    @Option(
            names = "--output-topic-format",
            paramLabel = "FORMAT",
            defaultValue = "json",
            description = "How enrichments are written to the topic: json, or avro (single-object encoding, or with a"
                    + " schema registry its wire format). Default: ${DEFAULT-VALUE}.")
    private RecordFormat topicFormat;

    /// The folder; empty where topics are written.
    Optional<String> folder() {
        if ((folder == null) == (topic == null)) {
            throw Usage.mistake(
                    command,
                    folder == null
                            ? "Nowhere to write to; expected --output with a folder, or --output-topic."
                            : "Options --output and --output-topic are both given; expected one of them.");
        }
        return Optional.ofNullable(folder);
    }

    OutputFormat format() {
        if (format == OutputFormat.PARQUET) {
            ParquetModule.require();
        }
        return format;
    }

    /// Format of the topic's records; empty where files are written.
    Optional<RecordFormat> topicFormat() {
        return Optional.of(topicFormat).filter(_ -> topic != null);
    }

    /// Short words for it, for a job's name.
    String label() {
        return folder().map(path -> Path.of(path).getFileName().toString()).orElse(topic);
    }

    /// What tells this output from another.
    Map<String, String> settings() {
        return Map.of(
                "output",
                folder().map(path -> path + " as " + format)
                        .orElseGet(() -> topic + " as " + topicFormat + ", dead letters to " + deadLetters));
    }

    List<String> topics() {
        if (deadLetters == null) {
            throw Usage.mistake(command, "Option --dead-letters is missing; expected a topic beside --output-topic.");
        }
        return List.of(topic, deadLetters);
    }

    /// @param registry of the topic's schemas, where there is one
    Outputs outputs(Optional<RegistryAccess> registry) {
        return new Outputs(topic, RegistryArguments.writer(registry, topicFormat, topic), deadLetters);
    }
}
