package org.flinkllama.operators.fetch;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.flink.api.common.cache.DistributedCache;
import org.flinkllama.model.gguf.GgufException;
import org.flinkllama.model.llama.LlamaModel;
import org.flinkllama.operators.download.ModelCache;
import org.flinkllama.operators.download.ModelDownload;
import org.flinkllama.operators.download.Order;
import org.flinkllama.operators.download.TransferLines;
import org.flinkllama.operators.download.http.HttpSource;
import org.flinkllama.operators.download.source.DownloadException;
import org.flinkllama.operators.download.source.FileSource;
import org.flinkllama.operators.download.source.Patience;
import org.flinkllama.operators.replica.ModelFiles;
import org.flinkllama.operators.replica.ModelLocation;
import org.flinkllama.operators.replica.ReplicaException;
import org.flinkllama.operators.replica.WantedModel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Finds models' files on this machine, and fetches those that are elsewhere into a folder of the machine, where every
/// process finds them again.
///
/// @param folders   where fetched files may be kept; the first that can be written is taken
/// @param shipped   Flink's distributed cache, in a task
/// @param patience  with whoever has a file
/// @param said      hears how far a download is
public record HostFiles(
        List<Path> folders, Optional<DistributedCache> shipped, Patience patience, Consumer<String> said)
        implements ModelFiles {
    private static final Logger LOG = LoggerFactory.getLogger(HostFiles.class);
    private static final Set<String> WEB = Set.of("http", "https");
    private static final String FETCHED = "fetched";
    private static final int KEY_BYTES = 8;

    /// For a command in a process of its own.
    ///
    /// @param said hears how far a download is
    public static HostFiles ofCommand(Consumer<String> said) {
        return new HostFiles(List.of(userFolder()), Optional.empty(), Patience.USUAL, said);
    }

    /// For a task of a job, which tells the log how far a download is.
    ///
    /// @param temporary folders that Flink may write to, for machines where the user has none
    public static HostFiles ofTask(DistributedCache shipped, String... temporary) {
        Path flinks = Path.of(temporary.length == 0 ? System.getProperty("java.io.tmpdir") : temporary[0]);
        return new HostFiles(
                List.of(userFolder(), flinks.resolve("flink-llama").resolve(FETCHED)),
                Optional.of(shipped),
                Patience.USUAL,
                LOG::info);
    }

    private static Path userFolder() {
        return ModelCache.root(System.getenv()).resolve(FETCHED);
    }

    @Override
    public Path file(WantedModel wanted) throws IOException, InterruptedException {
        return switch (wanted.location()) {
            case ModelLocation.Bundled _, ModelLocation.Local _ -> ON_DISK.file(wanted);
            case ModelLocation.Shipped(String name) -> shipped(name);
            case ModelLocation.Remote(URI address) -> fetched(wanted, address);
        };
    }

    private Path shipped(String name) {
        DistributedCache cache = shipped.orElseThrow(() -> new ReplicaException("Model 'cache:" + name
                + "' is in a cluster's distributed cache; here expected a path, an address or a model's name."));
        try {
            return cache.getFile(name).toPath();
        } catch (IllegalArgumentException unknown) {
            throw new ReplicaException(
                    "Flink's distributed cache has no file '" + name + "'. Name it when the job is started, as in"
                            + " -D pipeline.cached-files=\"name:" + name + ",path:s3://bucket/M.gguf\".",
                    unknown);
        }
    }

    private Path fetched(WantedModel wanted, URI address) throws IOException, InterruptedException {
        try {
            Order order = Order.of(address).withHubToken(System.getenv());
            return fetched(wanted, wanted.sha256().isEmpty() ? order : order.withSha256(wanted.sha256()));
        } catch (GgufException noModel) {
            throw new ReplicaException(
                    "What came from " + wanted.location() + " is no model: " + noModel.getMessage(), noModel);
        } catch (DownloadException failed) {
            if (failed.isPassing()) {
                throw new IOException(failed.getMessage(), failed);
            }
            throw new ReplicaException(failed.getMessage(), failed);
        }
    }

    private Path fetched(WantedModel wanted, Order order) throws IOException, InterruptedException {
        // By its hash a file is the same wherever it comes from; else by its address.
        String key =
                order.sha256().map(hash -> hash.substring(0, 2 * KEY_BYTES)).orElseGet(() -> digest(order.address()));
        ModelCache cache = new ModelCache(folder(wanted).resolve(key));
        try (FileSource source = source(order)) {
            TransferLines lines =
                    new TransferLines(line -> said.accept("Model " + source.shown() + " " + line), System::nanoTime);
            return new ModelDownload(cache, patience, lines, file -> LlamaModel.open(file)
                            .close())
                    .fetch(order, source);
        }
    }

    private FileSource source(Order order) {
        URI address = order.address();
        return WEB.contains(address.getScheme().toLowerCase(Locale.ROOT))
                ? new HttpSource(address, order.token(), patience)
                : new FlinkFile(address, patience);
    }

    private Path folder(WantedModel wanted) {
        List<Path> choice = wanted.folder().isEmpty() ? folders : List.of(Path.of(wanted.folder()));
        return choice.stream()
                .filter(HostFiles::isWritable)
                .findFirst()
                .orElseThrow(() -> new ReplicaException("Fetched models can be written to none of " + choice
                        + "; expected a folder of this machine for them. Set option 'model-cache' to one."));
    }

    private static boolean isWritable(Path folder) {
        try {
            return Files.isWritable(Files.createDirectories(folder));
        } catch (IOException refused) {
            return false;
        }
    }

    private static String digest(URI address) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(address.toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, KEY_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("This Java has no SHA-256, which every Java must have.", e);
        }
    }
}
