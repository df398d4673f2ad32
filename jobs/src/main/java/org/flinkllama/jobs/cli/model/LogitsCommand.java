package org.flinkllama.jobs.cli.model;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.flinkllama.jobs.cli.arguments.ModelArguments;
import org.flinkllama.jobs.cli.arguments.Usage;
import org.flinkllama.model.cache.CacheShape;
import org.flinkllama.model.cache.PagePool;
import org.flinkllama.model.cache.PageTable;
import org.flinkllama.model.decoder.Batch;
import org.flinkllama.model.decoder.Decoder;
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
    private static final int CHUNK = 64;

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
    public Integer call() throws IOException {
        try (LlamaModel model = LlamaModel.open(arguments.file())) {
            requireInRange(model);
            try (Decoder decoder = model.newDecoder(CHUNK, arguments.threads());
                    OutputStream file = new BufferedOutputStream(Files.newOutputStream(output))) {
                int rows = write(decoder, file);
                command.commandLine()
                        .getErr()
                        .println("Wrote " + rows + " × " + decoder.vocabularySize() + " logits to " + output + ".");
            }
        }
        return 0;
    }

    private void requireInRange(LlamaModel model) {
        int vocabulary = model.tokenizer().vocabularySize();
        if (tokens.length > model.contextLength()) {
            throw Usage.mistake(
                    command,
                    "Option 'token-ids' has " + tokens.length + " tokens; the model sees at most "
                            + model.contextLength() + ".");
        }
        for (int token : tokens) {
            if (token < 0 || token >= vocabulary) {
                throw Usage.mistake(
                        command,
                        "Option 'token-ids' holds " + token + "; the model's tokens are 0 to " + (vocabulary - 1)
                                + ".");
            }
        }
    }

    /// Computes the tokens in chunks.
    ///
    /// @return rows written
    private int write(Decoder decoder, OutputStream file) throws IOException {
        PageTable pages = new PageTable(new PagePool(decoder.cacheShape(), CacheShape.pages(tokens.length)));
        pages.reserve(tokens.length);
        Batch batch = new Batch(CHUNK);
        int rows = 0;
        for (int start = 0; start < tokens.length; start += CHUNK) {
            batch.clear();
            for (int position = start; position < Math.min(start + CHUNK, tokens.length); position++) {
                boolean wanted = positions == Positions.ALL || position == tokens.length - 1;
                batch.add(tokens[position], position, pages, wanted);
            }
            float[] logits = decoder.decode(batch);
            ByteBuffer bytes = ByteBuffer.allocate(batch.logitRows() * decoder.vocabularySize() * Float.BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN);
            bytes.asFloatBuffer().put(logits, 0, batch.logitRows() * decoder.vocabularySize());
            file.write(bytes.array());
            rows += batch.logitRows();
        }
        pages.release();
        return rows;
    }
}
