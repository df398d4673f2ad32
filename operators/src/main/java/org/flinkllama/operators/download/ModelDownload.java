package org.flinkllama.operators.download;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.flinkllama.model.gguf.GgufFile;
import org.flinkllama.operators.download.http.HttpSource;
import org.flinkllama.operators.download.source.DownloadException;
import org.flinkllama.operators.download.source.FileSource;
import org.flinkllama.operators.download.source.Patience;
import org.flinkllama.operators.download.source.RemoteFile;

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

    /// Returns the file when it is there. One that is there already is checked and left; one that somebody else
    /// downloads is refused.
    public Path pull(Order order) throws IOException, InterruptedException {
        try (ModelCache.Claim claim = cache.claim(order.name());
                HttpSource source = new HttpSource(order.address(), order.token(), patience)) {
            if (Files.exists(claim.file())) {
                listener.checks();
                requireSame(claim.file(), order, source.shown());
                return claim.file();
            }
            return bring(order, source, claim);
        }
    }

    /// Returns the file when it is there, downloaded by whoever came first: others, in this process or another, wait.
    /// One that is there with the record of a download is not read again.
    public Path fetch(Order order, FileSource source) throws IOException, InterruptedException {
        Optional<Path> present = present(order, source);
        if (present.isPresent()) {
            return present.get();
        }
        try (ModelCache.Claim claim = cache.awaitClaim(order.name(), listener)) {
            Optional<Path> broughtMeanwhile = present(order, source);
            return broughtMeanwhile.isPresent() ? broughtMeanwhile.get() : bring(order, source, claim);
        }
    }

    private Optional<Path> present(Order order, FileSource source) throws IOException {
        Path file = cache.file(order.name());
        Optional<Origin> origin = Files.isRegularFile(file) ? Origin.read(ModelCache.record(file)) : Optional.empty();
        long size = origin.isPresent() ? Files.size(file) : 0;
        return origin.filter(known -> known.bytes() == size)
                .filter(known -> order.sha256().map(known.sha256()::equals).orElseGet(() -> known.url()
                        .equals(source.shown())))
                .map(known -> file);
    }

    private Path bring(Order order, FileSource source, ModelCache.Claim claim)
            throws IOException, InterruptedException {
        PartialFile partial = new PartialFile(claim.file());
        if (partial.origin()
                .filter(origin -> !origin.url().equals(source.shown()))
                .isPresent()) {
            partial.discard();
        }
        transfer(source, partial);
        listener.checks();
        Origin origin = verified(order, source, partial);
        try {
            check.check(partial.path());
        } catch (RuntimeException | IOException useless) {
            partial.discard();
            throw useless;
        }
        partial.publish(origin);
        listener.ends(origin.bytes(), origin.sha256());
        return claim.file();
    }

    private void transfer(FileSource source, PartialFile partial) throws InterruptedException {
        int failures = 0;
        while (true) {
            long before = partial.size();
            Optional<String> lost = attempt(source, partial);
            if (lost.isEmpty()) {
                return;
            }
            failures = partial.size() > before ? 1 : failures + 1;
            if (failures > patience.retries()) {
                throw DownloadException.passing("The download from " + source.shown() + " failed " + failures
                        + " times in a row, at last because of: " + lost.get()
                        + ". What arrived is kept; the same command goes on.");
            }
            listener.interrupted(lost.get());
            patience.pause(failures);
        }
    }

    /// Downloads as far as the connection lasts. Returns why it ended before the file did.
    private Optional<String> attempt(FileSource source, PartialFile partial) throws InterruptedException {
        Optional<Origin> known = partial.origin();
        long present = partial.size();
        if (known.filter(origin -> origin.bytes() > 0 && origin.bytes() == present)
                .isPresent()) {
            return Optional.empty();
        }
        Origin resumed = known.filter(Origin::canBeResumed).orElse(null);
        try (RemoteFile remote =
                source.open(resumed == null ? 0 : present, resumed == null ? "" : resumed.validator())) {
            if (remote.start() == 0) {
                partial.begin(new Origin(source.shown(), remote.validator(), remote.announcedSha256(), remote.total()));
            } else if (resumed == null || !continues(remote, resumed, present)) {
                partial.discard();
                return Optional.of("another part came than was asked for");
            }
            return copy(remote, partial);
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

    private static Origin verified(Order order, FileSource source, PartialFile partial) throws IOException {
        Origin origin = partial.origin().orElseThrow();
        String actual = GgufFile.sha256(partial.path());
        String expected = order.sha256().orElse(origin.sha256());
        if (!expected.isEmpty() && !actual.equals(expected)) {
            partial.discard();
            throw new DownloadException("What came from " + source.shown() + " has the SHA-256 " + actual
                    + "; expected " + expected
                    + (order.sha256().isPresent() ? ", as asked for" : ", as the server said")
                    + ". It was deleted; try again.");
        }
        return origin.with(actual, partial.size());
    }

    private static void requireSame(Path file, Order order, String shown) throws IOException {
        Origin origin = Origin.read(ModelCache.record(file)).orElse(new Origin("", "", "", 0));
        String expected = order.sha256().orElse(origin.sha256());
        if (order.sha256().isEmpty() && !origin.url().equals(shown)) {
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
}
