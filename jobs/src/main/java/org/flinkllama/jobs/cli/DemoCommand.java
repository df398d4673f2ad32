package org.flinkllama.jobs.cli;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.flinkllama.jobs.cli.arguments.EngineArguments;
import org.flinkllama.jobs.cli.arguments.ModelArguments;
import org.flinkllama.jobs.cli.arguments.TaskArguments;
import org.flinkllama.jobs.demo.Demo;
import org.flinkllama.jobs.demo.DemoOptions;
import org.flinkllama.jobs.demo.Terminal;
import org.flinkllama.operators.enrich.EnrichmentPlan;
import org.flinkllama.operators.format.RecordFormat;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Everything in one process, results on the screen.
@Command(
        name = "demo",
        header = "Kafka, Flink and a model in one process: sample documents in, results on the screen.",
        customSynopsis = "flink-llama demo [OPTIONS]",
        description = {
            "%nStarts a Kafka broker and Flink in this process, enriches documents from one topic to another, and prints"
                    + " the results as they are committed. Needs no network and leaves nothing behind.",
            "%nExamples:",
            "  flink-llama demo",
            "  flink-llama demo --documents mine.jsonl --model M.gguf",
            "  flink-llama demo --tasks answers --question \"How much does it cost?\"",
            "  flink-llama demo --keep-running"
        },
        exitCodeList = {
            "0:every document came out",
            "1:failed, or a document is missing; the last line of standard error says why",
            "2:wrong use",
            "130, 143:stopped by Ctrl-C or SIGTERM"
        })
final class DemoCommand implements Callable<Integer> {
    @Spec
    private CommandSpec command;

    @Option(
            names = {"-d", "--documents"},
            paramLabel = "FILE",
            description = "JSON lines with 'id' and 'text' and, if you like, 'title', 'language', 'questions' and"
                    + " 'attributes'. Default: sample documents in English and Chinese.")
    private Path documents;

    @Option(
            names = "--keep-running",
            description = "Keep Kafka, Flink and its web UI up behind the last document, and say where they are.")
    private boolean keepRunning;

    @Mixin
    private ModelArguments model;

    @Mixin
    private EngineArguments engine;

    @Mixin
    private TaskArguments tasks;

    @Override
    public Integer call() throws Exception {
        EnrichmentPlan plan = EnrichmentPlan.of(
                RecordFormat.JSON.documentReader(), tasks.options(), engine.bound(model.checkedReplica(1)));
        DemoOptions options = new DemoOptions(Optional.ofNullable(documents), plan, keepRunning);
        boolean complete = new Demo(
                        options,
                        command.commandLine().getOut(),
                        command.commandLine().getErr(),
                        Terminal.of(System.getenv()))
                .run();
        return complete ? 0 : 1;
    }
}
