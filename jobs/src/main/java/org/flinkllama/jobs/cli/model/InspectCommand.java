package org.flinkllama.jobs.cli.model;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.flinkllama.jobs.cli.arguments.ModelLocationConverter;
import org.flinkllama.operators.download.ByteCount;
import org.flinkllama.operators.fetch.HostFiles;
import org.flinkllama.operators.replica.ModelLocation;
import org.flinkllama.operators.replica.WantedModel;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// What a model file holds.
@Command(
        name = "inspect",
        header = "Say what a model file holds, whether it can be used, and what it needs.",
        description = {
            "%nExamples:",
            "  flink-llama model inspect Llama-3.2-1B-Instruct-Q8_0.gguf",
            "  flink-llama model inspect M.gguf --json"
        })
final class InspectCommand implements Callable<Integer> {
    @Spec
    private CommandSpec command;

    @Parameters(
            arity = "0..1",
            paramLabel = "FILE|NAME|URI",
            converter = ModelLocationConverter.class,
            description = "Model as a GGUF file, the name it was pulled under, or an address that it is fetched from."
                    + " Default: the small model that comes with Flink Llama.")
    private ModelLocation model = new ModelLocation.Bundled();

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Override
    public Integer call() throws Exception {
        Path file = HostFiles.ofCommand(command.commandLine().getErr()::println).file(WantedModel.at(model));
        ModelSheet sheet = ModelSheet.of(file);
        PrintWriter out = command.commandLine().getOut();
        if (json) {
            ObjectMapper mapper = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
            out.println(mapper.writeValueAsString(sheet));
        } else {
            print(sheet, out);
        }
        return 0;
    }

    private static void print(ModelSheet sheet, PrintWriter out) {
        line(out, "file", sheet.file() + ", " + ByteCount.text(sheet.bytes()));
        line(out, "sha256", sheet.sha256());
        line(out, "name", sheet.name());
        line(out, "architecture", sheet.architecture());
        line(out, "usable", sheet.refusal() == null ? "yes" : "no: " + sheet.refusal());
        line(out, "parameters", "%,d".formatted(sheet.parameters()));
        sheet.shape().forEach((name, value) -> line(out, name, value));
        line(out, "tokenizer", sheet.tokenizer());
        line(out, "chat template", sheet.chatTemplate() == null ? "none that is known" : sheet.chatTemplate());
        line(out, "weights", ByteCount.text(sheet.weightBytes()) + ", mapped from the file");
        if (sheet.repackedBytes() > 0) {
            line(
                    out,
                    "repacked",
                    ByteCount.text(sheet.repackedBytes()) + " of native memory besides, for all replicas together");
        }
        if (sheet.cacheBytesPerToken() > 0) {
            line(
                    out,
                    "cache",
                    ByteCount.text(sheet.cacheBytesPerToken())
                            + " for each token of each running sequence, half with --cache-type f16");
        }
        out.println();
        out.printf("%-8s %8s %16s %12s%n", "type", "tensors", "elements", "size");
        for (ModelSheet.TypeUse use : sheet.tensors()) {
            out.printf("%-8s %8d %,16d %12s%n", use.type(), use.tensors(), use.elements(), ByteCount.text(use.bytes()));
        }
    }

    private static void line(PrintWriter out, String label, Object value) {
        out.printf("%-18s %s%n", label, value);
    }
}
