package org.flinkllama.jobs.cli.model;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.flinkllama.jobs.cli.arguments.CacheArguments;
import org.flinkllama.jobs.cli.arguments.ModelArguments;
import org.flinkllama.jobs.cli.arguments.SamplingArguments;
import org.flinkllama.jobs.cli.arguments.Usage;
import org.flinkllama.model.chat.ChatTemplate;
import org.flinkllama.model.chat.ChatTemplates;
import org.flinkllama.model.chat.Message;
import org.flinkllama.model.chat.PromptEncoder;
import org.flinkllama.model.generation.Engine;
import org.flinkllama.model.generation.EngineOptions;
import org.flinkllama.model.generation.Request;
import org.flinkllama.model.llama.LlamaModel;
import org.flinkllama.model.sampling.TokenConstraint;
import org.flinkllama.model.tokenizer.SpecialTokens;
import org.flinkllama.model.tokenizer.Tokenizer;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// A prompt to text.
@Command(
        name = "generate",
        header = "Generate text for a prompt.",
        customSynopsis = "flink-llama generate (--prompt=TEXT | --prompt-file=FILE) [OPTIONS]",
        description = {
            "%nThe text streams to standard output, everything else goes to standard error. The same prompt, model and"
                    + " options give the same text.",
            "%nExamples:",
            "  flink-llama generate --model M.gguf --prompt \"Why is the sky blue?\"",
            "  flink-llama generate --model M.gguf --raw --prompt \"Once upon a time\" \\",
            "    --max-tokens 100 --temperature 0.8 --seed 7",
            "  cat letter.txt | flink-llama generate --model M.gguf \\",
            "    --system \"Answer this letter.\" --prompt -"
        })
public final class GenerateCommand implements Callable<Integer> {
    @Spec
    private CommandSpec command;

    @Mixin
    private ModelArguments arguments;

    @ArgGroup(multiplicity = "1")
    private PromptSource source;

    @Option(names = "--system", paramLabel = "TEXT", description = "System message in front of the prompt.")
    private String system;

    @Option(
            names = "--raw",
            description = "The model goes on with the prompt as it is: no chat template; a beginning-of-sequence token"
                    + " where the model file asks for it.")
    private boolean raw;

    @Option(
            names = "--chat-template",
            paramLabel = "NAME",
            defaultValue = "auto",
            description = "Template of the chat. Default: ${DEFAULT-VALUE}, by the model file.")
    private String chatTemplate;

    @Option(
            names = {"-n", "--max-tokens"},
            paramLabel = "N",
            defaultValue = "256",
            description = "Tokens to generate at most, 1 or more. Default: ${DEFAULT-VALUE}.")
    private int maxTokens;

    @Option(
            names = "--stop",
            paramLabel = "TEXT",
            description = "End where the model is about to write this; may be repeated.")
    private List<String> stop = new ArrayList<>();

    @Option(
            names = "--sequences",
            paramLabel = "N",
            defaultValue = "1",
            description = "Texts to generate side by side, 1 to 1024; they differ where the temperature is above 0, and"
                    + " are printed when all are done. Default: ${DEFAULT-VALUE}.")
    private int sequences;

    @Mixin
    private CacheArguments cache;

    @Mixin
    private SamplingArguments sampling;

    /// Where the prompt comes from.
    static final class PromptSource {
        @Option(
                names = {"-p", "--prompt"},
                paramLabel = "TEXT",
                required = true,
                description = "The prompt; - reads it from standard input.")
        private String prompt;

        @Option(
                names = "--prompt-file",
                paramLabel = "FILE",
                required = true,
                description = "File with the prompt in UTF-8.")
        private Path file;

        String text() throws IOException {
            if (file != null) {
                return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
            }
            return prompt.equals("-") ? new String(System.in.readAllBytes(), StandardCharsets.UTF_8) : prompt;
        }
    }

    @Override
    public Integer call() throws Exception {
        PrintWriter out = command.commandLine().getOut();
        String text = source.text();
        try (LlamaModel model = LlamaModel.openWarm(arguments.file())) {
            int[] prompt = raw ? rawTokens(model, text) : chatTokens(model, text);
            Request request = Usage.checked(
                    command,
                    () -> new Request.Generate(
                            prompt, sampling.options(), sequences, maxTokens, stop, TokenConstraint.NONE));
            EngineOptions options = Usage.checked(
                    command,
                    () -> new EngineOptions(
                            arguments.threads(),
                            sequences,
                            EngineOptions.DEFAULT_PREFILL_CHUNK,
                            arguments.contextLength(),
                            0,
                            cache.type()));
            GenerationScreen screen = new GenerationScreen(
                    out, sequences, !raw && model.tokenizer().addsSpacePrefix());
            try (Engine engine = Usage.checked(command, () -> new Engine(model, options))) {
                engine.submit(request, screen);
                while (engine.step()) {
                    if (Thread.interrupted()) {
                        throw new InterruptedException("Stopped.");
                    }
                }
            }
            screen.finish(command.commandLine().getErr());
        }
        return 0;
    }

    private int[] rawTokens(LlamaModel model, String text) {
        if (system != null) {
            throw Usage.mistake(command, "Option 'system' needs a chat template; leave out --raw.");
        }
        Tokenizer tokenizer = model.tokenizer();
        SpecialTokens special = tokenizer.specialTokens();
        IntStream beginning =
                special.addBeginningOfSequence() ? special.beginningOfSequence().stream() : IntStream.empty();
        int[] tokens = IntStream.concat(beginning, IntStream.of(tokenizer.encode(text)))
                .toArray();
        if (tokens.length == 0) {
            throw Usage.mistake(command, "The prompt is empty; give the model something to go on with.");
        }
        return tokens;
    }

    private int[] chatTokens(LlamaModel model, String text) {
        List<Message> messages = new ArrayList<>();
        if (system != null) {
            messages.add(Message.system(system));
        }
        messages.add(Message.user(text));
        return PromptEncoder.encode(template(model).render(messages), model.tokenizer());
    }

    private ChatTemplate template(LlamaModel model) {
        if (chatTemplate.equals("auto")) {
            return model.chatTemplate()
                    .orElseThrow(() -> new InferenceException(
                            "'" + model.name() + "' has no chat template that is known here. Use --raw to go on with"
                                    + " the prompt as it is, or name one of " + ChatTemplates.names()
                                    + " by --chat-template."));
        }
        return ChatTemplates.named(chatTemplate)
                .orElseThrow(() -> Usage.mistake(
                        command,
                        "Option 'chat-template' is '" + chatTemplate + "'; expected auto or one of "
                                + ChatTemplates.names() + "."));
    }
}
