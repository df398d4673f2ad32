package org.flinkllama.jobs.cli.model;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.flinkllama.jobs.cli.arguments.Usage;
import org.flinkllama.jobs.names.NearestName;
import org.flinkllama.model.llama.LlamaModel;
import org.flinkllama.operators.download.KnownModel;
import org.flinkllama.operators.download.ModelCache;
import org.flinkllama.operators.download.ModelDownload;
import org.flinkllama.operators.download.Order;
import org.flinkllama.operators.download.http.AccessToken;
import org.flinkllama.operators.download.source.Patience;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// A model file from the network.
@Command(
        name = "pull",
        header = "Download a model into the cache.",
        customSynopsis = "flink-llama model pull NAME|URL [OPTIONS]",
        description = {
            "%nGets a model file that 'model list' names, or one by its address. A download that was cut or stopped goes on"
                    + " where it was, unless the server's file has changed meanwhile. Then --model NAME means that file.",
            "%nThe file's SHA-256 is compared with --sha256, or else with the one that the hub announces in its header"
                    + " X-Linked-Etag; a server that announces none is trusted, and the hash that came is written down"
                    + " beside the file. No hash is built in: whoever must know what arrives gives --sha256. At the end"
                    + " the file is opened as a model; one that can't be used is deleted.",
            "%nThe access token in the environment variable HF_TOKEN is shown to huggingface.co, and no redirect carries"
                    + " it elsewhere. Proxies are set by -Dhttps.proxyHost in FLINK_LLAMA_JAVA_OPTIONS.",
            "%nExamples:",
            "  flink-llama model pull llama-3.2-1b-instruct",
            "  flink-llama model pull https://models.example.com/M.gguf --sha256 5c1a..."
        })
final class PullCommand implements Callable<Integer> {
    @Spec
    private CommandSpec command;

    @Parameters(paramLabel = "NAME|URL", description = "A name of 'model list', or the address of a GGUF file.")
    private String model;

    @Option(
            names = "--as",
            paramLabel = "NAME",
            description = "What the model is called here. Default: the name, or how the address ends.")
    private String name;

    @Option(names = "--sha256", paramLabel = "HEX", description = "What the file must have.")
    private String sha256;

    @Option(
            names = "--token-env",
            paramLabel = "VARIABLE",
            description =
                    "Environment variable with an access token for the host of the address. Default: HF_TOKEN, for"
                            + " huggingface.co alone.")
    private String tokenVariable;

    @Option(
            names = "--into",
            paramLabel = "FOLDER",
            description =
                    "Folder for the file. Default: flink-llama/models in $XDG_CACHE_HOME or ~/.cache, where --model"
                            + " NAME looks.")
    private Path folder;

    @Option(names = "--quiet", description = "Don't say how far the download is.")
    private boolean quiet;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Order order = withToken(order(), System.getenv());
        ModelCache cache =
                folder == null ? ModelCache.ofUser(System.getenv()) : new ModelCache(folder.toAbsolutePath());
        PrintWriter err = quiet
                ? new PrintWriter(Writer.nullWriter())
                : command.commandLine().getErr();
        boolean terminal = System.console() != null && System.console().isTerminal();
        Path file = new ModelDownload(
                        cache,
                        Patience.USUAL,
                        new DownloadScreen(err, terminal, System::nanoTime),
                        found -> LlamaModel.open(found).close())
                .pull(order);
        command.commandLine().getOut().println(file);
        return 0;
    }

    private Order order() {
        Order order = model.contains("://") ? Order.of(model) : known();
        Order named = name == null ? order : order.named(name);
        return sha256 == null ? named : named.withSha256(sha256);
    }

    private Order known() {
        KnownModel known = KnownModel.of(model)
                .orElseThrow(() -> Usage.mistake(
                        command,
                        "'" + model + "' is no known model, and no address. "
                                + NearestName.of(model, KnownModel.ids())
                                        .map(near -> "Did you mean '" + near + "'? ")
                                        .orElse("")
                                + "See 'flink-llama model list'."));
        return Order.of(known.address()).named(known.id());
    }

    private Order withToken(Order order, Map<String, String> environment) {
        if (tokenVariable == null) {
            return order.withHubToken(environment);
        }
        String secret = environment.getOrDefault(tokenVariable, "").strip();
        if (secret.isEmpty()) {
            throw Usage.mistake(command, "The environment variable '" + tokenVariable + "' of --token-env is not set.");
        }
        return order.withToken(new AccessToken(order.address(), secret));
    }
}
