package org.flinkllama.jobs.download;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.flinkllama.jobs.download.http.DownloadException;
import org.flinkllama.jobs.download.http.HttpSource;
import org.flinkllama.jobs.download.http.Patience;
import org.flinkllama.jobs.download.http.RemoteFile;
import org.flinkllama.jobs.download.http.WebAddress;
import org.flinkllama.model.gguf.GgufFile;

/// Brings a file into the cache: asks again where a connection is lost, goes on where an earlier attempt stopped,
/// and gives the file its name only when it is whole and checked.
public final class ModelDownload {
    private static final int BUFFER_BYTES = 1 << 16;

    private final ModelCache cache;
    private final Patience patience;
    private final TransferListener listener;
    private final FileCheck check;

    public ModelDownload(ModelCache cache, Patience patience, TransferListener listener, FileCheck check) {
        this.cache = cache;
        this.patience = patience;
        this.listener = listener;
        this.check = check;
    }

    /// Returns the file when it is there. One that is there already is checked and left.
    public Path pull(Order order) throws IOException, InterruptedException {
        try (ModelCache.Claim claim = cache.claim(order.name());
                HttpSource source = new HttpSource(order.address(), order.token(), patience)) {
            Path file = claim.file();
            if (Files.exists(file)) {
                listener.checks();
                requireSame(file, order);
                return file;
            }
            PartialFile partial = new PartialFile(file);
            if (partial.origin()
                    .filter(origin -> !origin.url().equals(shown(order)))
                    .isPresent()) {
                partial.discard();
            }
            transfer(source, order, partial);
            listener.checks();
            Origin origin = verified(order, partial);
            try {
                check.check(partial.path());
            } catch (RuntimeException | IOException useless) {
                partial.discard();
                throw useless;
            }
            partial.publish(origin);
            return file;
        }
    }

    private void transfer(HttpSource source, Order order, PartialFile partial) throws InterruptedException {
        int failures = 0;
        while (true) {
            long before = partial.size();
            Optional<String> lost = attempt(source, order, partial);
            if (lost.isEmpty()) {
                return;
            }
            failures = partial.size() > before ? 1 : failures + 1;
            if (failures > patience.retries()) {
                throw new DownloadException("The download from " + shown(order) + " failed " + failures
                        + " times in a row, at last because of: " + lost.get()
                        + ". What arrived is kept; the same command goes on.");
            }
            listener.interrupted(lost.get());
            patience.pause(failures);
        }
    }

    /// Downloads as far as the connection lasts. Returns why it ended before the file did.
    private Optional<String> attempt(HttpSource source, Order order, PartialFile partial) throws InterruptedException {
        Optional<Origin> known = partial.origin();
        long present = partial.size();
        if (known.filter(origin -> origin.bytes() > 0 && origin.bytes() == present)
                .isPresent()) {
            return Optional.empty();
        }
        Origin resumed = known.filter(Origin::canBeResumed).orElse(null);
        try (RemoteFile remote =
                source.open(resumed == null ? 0 : present, resumed == null ? "" : resumed.validator())) {
            return switch (remote.status()) {
                case 200 -> {
                    partial.begin(origin(order, remote));
                    yield copy(remote, partial);
                }
                case 206 -> {
                    if (resumed == null || !continues(remote, resumed, present)) {
                        partial.discard();
                        yield Optional.of("the server sent another part than was asked for");
                    }
                    yield copy(remote, partial);
                }
                case 416 -> {
                    partial.discard();
                    yield Optional.of("the server has no such part of the file");
                }
                default -> Optional.of(refusal(remote.status(), order));
            };
        } catch (IOException lost) {
            return Optional.of(lost.getMessage() == null ? lost.getClass().getSimpleName() : lost.getMessage());
        }
    }

    private static boolean continues(RemoteFile remote, Origin resumed, long present) {
        boolean sameHash = remote.announcedSha256().isEmpty()
                || resumed.sha256().isEmpty()
                || remote.announcedSha256().equals(resumed.sha256());
        return remote.start() == present && remote.total() == resumed.bytes() && sameHash;
    }

    private Optional<String> copy(RemoteFile remote, PartialFile partial) throws IOException, InterruptedException {
        long total = remote.total();
        long present = partial.size();
        partial.requireSpace(total - present);
        listener.begins(present, total);
        byte[] buffer = new byte[BUFFER_BYTES];
        try (FileChannel channel = partial.append()) {
            for (int read = remote.read(buffer); read >= 0; read = remote.read(buffer)) {
                partial.write(channel, ByteBuffer.wrap(buffer, 0, read));
                present += read;
                listener.arrived(present);
            }
        }
        return total == 0 || present == total
                ? Optional.empty()
                : Optional.of("the connection ended after " + present + " of " + total + " bytes");
    }

    /// A reason to ask again, unless asking again is of no use.
    private static String refusal(int status, Order order) {
        String asked = shown(order);
        switch (status) {
            case 401, 403 ->
                throw new DownloadException("The server refuses " + asked + " (HTTP " + status + "). "
                        + (order.token().isPresent()
                                ? "The access token does not allow it: accept the model's licence on its page with"
                                        + " the token's account, or use another token."
                                : "If the model is gated, accept its licence on its page and put an access token into"
                                        + " the environment variable HF_TOKEN (for other hosts see --token-env)."));
            case 404, 410 ->
                throw new DownloadException("There is no file at " + asked + " (HTTP " + status
                        + "); check the address, or see 'flink-llama model list' for names.");
            default -> {
                if (status < 500 && status != 408 && status != 429) {
                    throw new DownloadException("The server answers " + asked + " with HTTP " + status
                            + "; expected 200. Check the address.");
                }
                return "HTTP " + status;
            }
        }
    }

    private static Origin origin(Order order, RemoteFile remote) {
        return new Origin(shown(order), remote.validator(), remote.announcedSha256(), remote.total());
    }

    private static Origin verified(Order order, PartialFile partial) throws IOException {
        Origin origin = partial.origin().orElseThrow();
        String actual = GgufFile.sha256(partial.path());
        String expected = order.sha256().orElse(origin.sha256());
        if (!expected.isEmpty() && !actual.equals(expected)) {
            partial.discard();
            throw new DownloadException("What came from " + shown(order) + " has the SHA-256 " + actual + "; expected "
                    + expected + (order.sha256().isPresent() ? ", as asked for" : ", as the server said")
                    + ". It was deleted; try again.");
        }
        return origin.with(actual, partial.size());
    }

    private static void requireSame(Path file, Order order) throws IOException {
        Origin origin = Origin.read(ModelCache.record(file)).orElse(new Origin("", "", "", 0));
        String expected = order.sha256().orElse(origin.sha256());
        if (order.sha256().isEmpty() && !origin.url().equals(shown(order))) {
            throw new DownloadException("The file '" + file + "' is there already, from "
                    + (origin.url().isEmpty() ? "elsewhere" : origin.url())
                    + ". Delete it, or give the new one another name with --as.");
        }
        String actual = GgufFile.sha256(file);
        if (!actual.equals(expected)) {
            throw new DownloadException("The file '" + file + "' is there already and has the SHA-256 " + actual
                    + "; expected " + expected + ". Delete it and try again.");
        }
    }

    private static String shown(Order order) {
        return WebAddress.shown(order.address());
    }
}
