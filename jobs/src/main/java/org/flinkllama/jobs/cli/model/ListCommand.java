package org.flinkllama.jobs.cli.model;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import org.flinkllama.operators.download.KnownModel;
import org.flinkllama.operators.download.ModelCache;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// Models that have a name here.
@Command(
        name = "list",
        header = "List known models, what they need, and what is in the cache.",
        description = {
            "%nThe memory is that of the weights, of keys and values for eight sequences of 2,048 tokens, and 0.5 GB for"
                    + " the virtual machine. The files are Q8_0.",
            "%nExample:",
            "  flink-llama model list"
        })
final class ListCommand implements Callable<Integer> {
    @Spec
    private CommandSpec command;

    @Override
    public Integer call() throws IOException {
        ModelCache cache = ModelCache.ofUser(System.getenv());
        List<String> present = cache.names();
        PrintWriter out = command.commandLine().getOut();
        out.printf("%-24s %9s %9s %9s  %-20s %s%n", "name", "file", "memory", "context", "licence", "here");
        for (KnownModel model : KnownModel.values()) {
            out.printf(
                    "%-24s %6.2f GB %6.1f GB %,9d  %-20s %s%n",
                    model.id(),
                    model.fileBytes() / 1e9,
                    model.memoryBytes() / 1e9,
                    model.context(),
                    model.licence(),
                    present.contains(model.id()) ? "yes" : "no");
        }
        present.stream()
                .filter(name -> KnownModel.of(name).isEmpty())
                .forEach(name -> out.printf("%-24s %57s%n", name, "yes"));
        out.println();
        out.println("Models that are here lie in " + cache.folder() + ".");
        return 0;
    }
}
