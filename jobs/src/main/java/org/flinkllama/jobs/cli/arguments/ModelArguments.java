package org.flinkllama.jobs.cli.arguments;

import java.io.IOException;
import java.nio.file.Path;
import org.flinkllama.model.llama.BundledModel;
import org.flinkllama.model.llama.LlamaModel;
import org.flinkllama.operators.replica.ReplicaOptions;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Which model computes, on how many threads.
public final class ModelArguments {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = {"-m", "--model"},
            paramLabel = "FILE|NAME",
            converter = ModelFileConverter.class,
            description =
                    "Llama model as a GGUF file, or the name it was pulled under. Default: the small model that comes with Flink Llama.")
    private Path model;

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

    /// The model's file; the bundled one is unpacked at its first use.
    public Path file() throws IOException {
        return model == null ? BundledModel.file() : model;
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
        return ReplicaOptions.of(model == null ? ReplicaOptions.BUNDLED_MODEL : model.toString())
                .withThreads(orElse(threads, "threads", 0))
                .withContextLength(contextLength());
    }

    /// A replica for each of `subtasks` in this process, which share its processors. Opens the model once, to say
    /// what is wrong with it before anything starts.
    public ReplicaOptions checkedReplica(int subtasks) throws IOException {
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
