package org.flinkllama.jobs.cli.backfill;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.flinkllama.jobs.archive.ArchiveFile;
import org.flinkllama.jobs.archive.ArchiveListing;
import org.flinkllama.jobs.archive.file.ColumnNames;
import org.flinkllama.jobs.archive.file.FileFormat;
import org.flinkllama.jobs.backfill.BackfillInput;
import org.flinkllama.jobs.cli.arguments.Usage;
import org.flinkllama.jobs.cli.job.RegistryArguments;
import org.flinkllama.jobs.kafka.KafkaConnection;
import org.flinkllama.jobs.kafka.range.TopicPosition;
import org.flinkllama.jobs.kafka.range.TopicRange;
import org.flinkllama.operators.format.RecordFormat;
import org.flinkllama.operators.format.registry.RegistryAccess;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// What is read.
final class InputArguments {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = {"-i", "--input"},
            paramLabel = "PATH",
            converter = FileAddressConverter.class,
            description = "File, folder with all below it, or quoted glob; may be repeated. Read are .jsonl, .csv, .txt"
                    + " and .avro, each also with .gz or .zst behind it, and .parquet.")
    private List<String> paths = new ArrayList<>();

    @Option(
            names = "--input-format",
            paramLabel = "FORMAT",
            description = "What the files are, whatever their names: jsonl, csv, text (a file is a document), lines (a"
                    + " line is one), avro or parquet.")
    private FileFormat format;

    @Option(
            names = "--id-column",
            paramLabel = "NAME",
            defaultValue = "id",
            description =
                    "Column of a CSV or Parquet file, or field of an Avro record, with the document's id. Where it is"
                            + " missing, ids are made of the file's name and the line. Default: ${DEFAULT-VALUE}.")
    private String idColumn;

    @Option(
            names = "--text-column",
            paramLabel = "NAME",
            defaultValue = "text",
            description = "Column or field with the text. Default: ${DEFAULT-VALUE}. Further columns title, language,"
                    + " eventTime and tenant are the document's; others become its attributes.")
    private String textColumn;

    @Option(
            names = "--csv-separator",
            paramLabel = "CHARACTER",
            description = "Between the columns of a CSV file; 'tab' for a tab. Default: a comma.")
    private String separator = ",";

    @Option(names = "--input-topic", paramLabel = "TOPIC", description = "Read a Kafka topic, and no files.")
    private String topic;

    @Option(
            names = "--from",
            paramLabel = "WHERE",
            defaultValue = "earliest",
            description = "Where to begin in every partition of the topic: earliest, an offset, or a time such as"
                    + " 2026-01-31 or 2026-01-31T12:00:00Z. Default: ${DEFAULT-VALUE}.")
    private String from;

    @Option(
            names = "--to",
            paramLabel = "WHERE",
            defaultValue = "latest",
            description = "Where to end, itself left out: an offset, a time, or latest (the end as it is at the start)."
                    + " Default: ${DEFAULT-VALUE}.")
    private String to;

    @Option(
            names = "--topic-format",
            paramLabel = "FORMAT",
            defaultValue = "json",
            description = "How documents on the topic are written: json, or avro (single-object encoding, or with a"
                    + " schema registry its wire format). Default: ${DEFAULT-VALUE}.")
    private RecordFormat topicFormat;

    boolean isTopic() {
        return topic != null;
    }

    /// Format of the topic's records; empty where files are read.
    Optional<RecordFormat> topicFormat() {
        return Optional.of(topicFormat).filter(_ -> isTopic());
    }

    /// Short words for it, for a job's name.
    String label() {
        return isTopic()
                ? topic
                : paths.stream()
                        .map(path -> String.valueOf(Path.of(path).getFileName()))
                        .collect(Collectors.joining("-"));
    }

    /// What tells this input from another, but for the files themselves.
    Map<String, String> settings() {
        return isTopic()
                ? Map.of("input-topic", topic, "from", from, "to", to, "topic-format", topicFormat.name())
                : Map.of("columns", columns().toString());
    }

    BackfillInput.Files files() {
        if (paths.isEmpty()) {
            throw Usage.mistake(command, "Nothing to read; expected --input with files, or --input-topic.");
        }
        List<ArchiveFile> files = new ArchiveListing(Optional.ofNullable(format)).files(paths);
        return new BackfillInput.Files(files, columns());
    }

    /// @param registry of the topic's schemas, where there is one
    /// @param words    of the range, where an earlier run has found it
    BackfillInput.Topic topic(
            KafkaConnection connection, Optional<RegistryAccess> registry, Optional<String> words, String group) {
        if (!paths.isEmpty()) {
            throw Usage.mistake(command, "Options --input and --input-topic are both given; expected one of them.");
        }
        TopicPosition first = Usage.checked(command, () -> TopicPosition.of(from));
        TopicPosition last = Usage.checked(command, () -> TopicPosition.of(to));
        TopicRange range = words.map(found -> TopicRange.of(topic, found))
                .orElseGet(() -> TopicRange.find(connection, topic, first, last));
        return new BackfillInput.Topic(
                connection, range, group, RegistryArguments.reader(registry, topicFormat, topic));
    }

    private ColumnNames columns() {
        return Usage.checked(command, () -> {
            String sign = separator.equals("tab") ? "\t" : separator;
            if (sign.length() != 1) {
                throw new IllegalArgumentException(
                        "Option 'csv-separator' is '" + separator + "'; expected one character, or tab.");
            }
            return new ColumnNames(idColumn, textColumn, sign.charAt(0));
        });
    }
}
