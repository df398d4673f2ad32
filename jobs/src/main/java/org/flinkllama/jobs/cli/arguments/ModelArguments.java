package org.flinkllama.jobs.cli.arguments;

import java.io.IOException;
import java.nio.file.Path;
import org.flinkllama.model.gguf.GgufFile;
import org.flinkllama.model.llama.LlamaModel;
import org.flinkllama.operators.fetch.HostFiles;
import org.flinkllama.operators.replica.ModelLocation;
import org.flinkllama.operators.replica.ReplicaOptions;
import org.flinkllama.operators.replica.WantedModel;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Which model computes, on how many threads.
public final class ModelArguments {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = {"-m", "--model"},
            paramLabel = "FILE|NAME|URI",
            converter = ModelLocationConverter.class,
            description = "Llama model as a GGUF file: its path, the name it was pulled under, or an address (https://,"
                    + " s3://, hdfs:// and what else Flink has a file system for), from which every machine that needs"
                    + " it fetches it once; on a cluster also cache:NAME, of Flink's distributed cache. Default: the"
                    + " small model that comes with Flink Llama.")
    private ModelLocation model;

    @Option(
            names = "--model-sha256",
            paramLabel = "HEX",
            defaultValue = "",
            description = "What the model's file must have; another one is refused. Give it with an address: without it"
                    + " a file that was fetched from there once is used for ever.")
    private String sha256;

    @Option(
            names = "--model-cache",
            paramLabel = "FOLDER",
            description =
                    "Where each machine keeps what it fetched, for all its processes. Default: flink-llama/fetched"
                            + " in $XDG_CACHE_HOME or ~/.cache; where that can't be written, in Flink's io.tmp.dirs.")
    private Path folder;

    @Option(
            names = "--threads",
            paramLabel = "N",
            defaultValue = "0",
            description = "Threads that compute. Default: as many as there are processors.")
    private int threads;

    @Option(
            names = "--context-length",
            paramLabel = "N",
            defaultValue = "0",
            description = "Tokens that the model sees at once, prompt and answer together. Default: what the model was"
                    + " trained for.")
    private int contextLength;

    /// The model's file on this machine; the bundled one is unpacked at its first use, one from elsewhere fetched.
    public Path file() throws IOException, InterruptedException {
        WantedModel wanted = wanted();
        Path file = HostFiles.ofCommand(line -> command.commandLine().getErr().println("  " + line))
                .file(wanted);
        if (!wanted.sha256().isEmpty()) {
            wanted.requireSha256(file, GgufFile.sha256(file));
        }
        return file;
    }

    private WantedModel wanted() {
        ModelLocation location = model == null ? new ModelLocation.Bundled() : model;
        return Usage.checked(command, () -> new WantedModel(location, sha256, folder == null ? "" : folder.toString()));
    }

    /// Threads to compute with, 1 or more.
    public int threads() {
        int processors = Runtime.getRuntime().availableProcessors();
        return orElse(threads, "threads", processors);
    }

    /// Positions of a sequence; 0 takes the model's own.
    public int contextLength() {
        return orElse(contextLength, "context-length", 0);
    }

    /// A replica on whatever machine opens it.
    public ReplicaOptions replica() {
        return ReplicaOptions.of(wanted())
                .withThreads(orElse(threads, "threads", 0))
                .withContextLength(contextLength());
    }

    /// A replica for each of `subtasks` in this process, which share its processors. Opens the model once, to say
    /// what is wrong with it before anything starts.
    public ReplicaOptions checkedReplica(int subtasks) throws IOException, InterruptedException {
        Path file = file().toAbsolutePath();
        LlamaModel.open(file).close();
        int processors = Runtime.getRuntime().availableProcessors();
        return ReplicaOptions.of(file)
                .withThreads(orElse(threads, "threads", Math.max(1, processors / subtasks)))
                .withContextLength(contextLength());
    }

    private int orElse(int value, String option, int otherwise) {
        if (value < 0) {
            throw Usage.mistake(command, "Option '" + option + "' is " + value + "; expected 1 or more.");
        }
        return value == 0 ? otherwise : value;
    }
}
