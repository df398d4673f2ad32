package org.flinkllama.jobs.cli.model;

import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.flinkllama.jobs.cli.arguments.ModelArguments;
import org.flinkllama.model.gguf.GgufFile;
import org.flinkllama.model.tokenizer.Tokenizer;
import org.flinkllama.model.tokenizer.Tokenizers;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Text to token ids.
@Command(
        name = "tokenize",
        header = "Print the token ids of a text.",
        description = {
            "%nReads the file's exact text as data: no beginning-of-sequence token is added, no special token that is"
                    + " written in it is parsed. Prints the ids on one line, separated by spaces.",
            "%nExample:",
            "  flink-llama model tokenize --model M.gguf --text-file letter.txt"
        })
final class TokenizeCommand implements Callable<Integer> {
    @Spec
    private CommandSpec command;

    @Mixin
    private ModelArguments model;

    @Option(names = "--text-file", paramLabel = "FILE", required = true, description = "Text in UTF-8.")
    private Path textFile;

    @Override
    public Integer call() throws Exception {
        String text = new String(Files.readAllBytes(textFile), StandardCharsets.UTF_8);
        try (Arena arena = Arena.ofConfined()) {
            Tokenizer tokenizer =
                    Tokenizers.of(GgufFile.open(model.file(), arena).metadata());
            String ids = Arrays.stream(tokenizer.encode(text))
                    .mapToObj(Integer::toString)
                    .collect(Collectors.joining(" "));
            command.commandLine().getOut().println(ids);
        }
        return 0;
    }
}
