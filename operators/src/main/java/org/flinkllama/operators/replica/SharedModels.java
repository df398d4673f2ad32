package org.flinkllama.operators.replica;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.flinkllama.model.llama.LlamaModel;

/// Models that are open in this process, one for each file however many replicas use it. A model stays open for a
/// while after the last of them is gone, so that a task that is restarted has it again in milliseconds.
///
/// [#PROCESS] is the only static mutable state of the project. With Flink it is one for each class loader of a job,
/// which lives as long as a task of the job does; a model left behind is closed all the same when its time is over.
///
/// @param <M> an open model
final class SharedModels<M extends AutoCloseable> {
    static final SharedModels<LlamaModel> PROCESS = new SharedModels<>(LlamaModel::open, Duration.ofSeconds(60));

    private final Opener<M> opener;
    private final Duration linger;
    private final ScheduledThreadPoolExecutor closer;
    private final Map<FileVersion, Entry> entries = new HashMap<>(); // guarded by this

    /// @param linger how long a model stays open that nobody uses
    SharedModels(Opener<M> opener, Duration linger) {
        this.opener = opener;
        this.linger = linger;
        this.closer = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().daemon().name("llama-models").factory());
        closer.setKeepAliveTime(1, TimeUnit.SECONDS);
        closer.allowCoreThreadTimeOut(true);
        closer.setRemoveOnCancelPolicy(true);
    }

    /// Opens a model file.
    interface Opener<M> {
        M open(Path file) throws IOException;
    }

    /// A file as it is now: a file that is replaced is another model.
    private record FileVersion(Path path, long bytes, FileTime modified) {}

    private final class Entry {
        private final M model;
        private int leases;
        private ScheduledFuture<?> closing; // null while leased

        private Entry(M model) {
            this.model = model;
        }
    }

    /// The right to use a model until it is closed.
    final class Lease implements AutoCloseable {
        private final FileVersion version;
        private final M model;
        private boolean closed;

        private Lease(FileVersion version, M model) {
            this.version = version;
            this.model = model;
        }

        M model() {
            return model;
        }

        @Override
        public void close() {
            synchronized (SharedModels.this) {
                if (!closed) {
                    closed = true;
                    release(version);
                }
            }
        }
    }

    /// The model in `file`, opened if it isn't open. Others wait meanwhile.
    ///
    /// @throws ReplicaException where there is no such file
    synchronized Lease lease(Path file) throws IOException {
        FileVersion version = version(file);
        Entry entry = entries.get(version);
        if (entry == null) {
            entry = new Entry(opener.open(version.path()));
            entries.put(version, entry);
        }
        if (entry.closing != null) {
            entry.closing.cancel(false);
            entry.closing = null;
        }
        entry.leases++;
        return new Lease(version, entry.model);
    }

    private static FileVersion version(Path file) throws IOException {
        try {
            Path path = file.toRealPath();
            BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
            if (!attributes.isRegularFile()) {
                throw new ReplicaException(
                        "Model '" + file + "' is no file; expected the path of a GGUF file in option 'model'.");
            }
            return new FileVersion(path, attributes.size(), attributes.lastModifiedTime());
        } catch (NoSuchFileException missing) {
            throw new ReplicaException(
                    "Model '" + file + "' does not exist; expected a GGUF file there, on every machine that runs a "
                            + "TaskManager. Set option 'model' to its path, or to an address that it can be fetched from.",
                    missing);
        }
    }

    private void release(FileVersion version) {
        Entry entry = entries.get(version);
        entry.leases--;
        if (entry.leases == 0) {
            entry.closing = closer.schedule(
                    () -> {
                        closeUnused(version, entry);
                        return null;
                    },
                    linger.toMillis(),
                    TimeUnit.MILLISECONDS);
        }
    }

    private synchronized void closeUnused(FileVersion version, Entry entry) throws Exception {
        if (entry.leases == 0 && entries.remove(version, entry)) {
            entry.model.close();
        }
    }
}
