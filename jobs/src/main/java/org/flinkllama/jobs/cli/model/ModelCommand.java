package org.flinkllama.jobs.cli.model;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// Commands about a model file.
@Command(
        name = "model",
        header = "Download a model, look into it, tokenise with it, compute its logits.",
        subcommands = {
            PullCommand.class,
            ListCommand.class,
            InspectCommand.class,
            TokenizeCommand.class,
            LogitsCommand.class
        })
public final class ModelCommand implements Runnable {
    @Spec
    private CommandSpec command;

    @Override
    public void run() {
        command.commandLine().usage(command.commandLine().getOut());
    }
}
