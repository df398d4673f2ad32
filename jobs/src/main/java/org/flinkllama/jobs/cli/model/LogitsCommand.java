package org.flinkllama.jobs.cli.model;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.flinkllama.jobs.cli.arguments.ModelArguments;
import org.flinkllama.jobs.cli.arguments.Usage;
import org.flinkllama.model.llama.LlamaModel;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Tokens to logits.
@Command(
        name = "logits",
        header = "Write the logits of a sequence of tokens to a file.",
        description = {
            "%nThe file holds little-endian 32-bit floats, one row for each position asked for, one number in a row for"
                    + " each token of the vocabulary.",
            "%nExample:",
            "  flink-llama model logits --model M.gguf --token-ids 1,450,4996 --output logits.f32"
        })
final class LogitsCommand implements Callable<Integer> {
    @Spec
    private CommandSpec command;

    @Mixin
    private ModelArguments arguments;

    @Option(
            names = "--token-ids",
            paramLabel = "ID",
            split = ",",
            required = true,
            description = "Token ids, separated by commas, without any that are added.")
    private int[] tokens;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            required = true,
            description = "File to write.")
    private Path output;

    @Option(
            names = "--positions",
            paramLabel = "WHICH",
            defaultValue = "all",
            description = "all, or last: behind the last token only. Default: ${DEFAULT-VALUE}.")
    private Positions positions;

    /// Positions whose logits are written.
    enum Positions {
        ALL,
        LAST
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        int rows = positions == Positions.ALL ? tokens.length : 1;
        try (LlamaModel model = LlamaModel.openWarm(arguments.file());
                OutputStream file = new BufferedOutputStream(Files.newOutputStream(output))) {
            Usage.checked(command, () -> {
                model.logits(tokens, positions == Positions.ALL, arguments.threads(), row -> write(row, file));
                return rows;
            });
            int width = model.tokenizer().vocabularySize();
            command.commandLine().getErr().println("Wrote " + rows + " × " + width + " logits to " + output + ".");
        } catch (UncheckedIOException failed) {
            throw failed.getCause();
        }
        return 0;
    }

    private static void write(float[] row, OutputStream file) {
        ByteBuffer bytes = ByteBuffer.allocate(row.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(row);
        try {
            file.write(bytes.array());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
