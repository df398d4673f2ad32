package org.flinkllama.operators.replica;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.flinkllama.model.llama.LlamaModel;
import org.flinkllama.operators.replica.ReplicaSource.Stay;

/// Models that are open in this process, one for each file however many replicas use it. A model stays open while a
/// stay lasts in which it was used, so that a task that is restarted has it again in milliseconds.
///
/// [#PROCESS] is the only static mutable state of the project. With Flink it is one for each class loader of a job,
/// and no thread of its own keeps that class loader when the job has left the process.
///
/// @param <M> an open model
final class SharedModels<M> {
    static final SharedModels<LlamaModel> PROCESS = new SharedModels<>(LlamaModel::openWarm, LlamaModel::close);

    private final Opener<M> opener;
    private final Consumer<M> closer;
    private final Map<FileVersion, Entry> entries = new HashMap<>(); // guarded by this

    SharedModels(Opener<M> opener, Consumer<M> closer) {
        this.opener = opener;
        this.closer = closer;
    }

    /// Opens a model file.
    interface Opener<M> {
        M open(Path file) throws IOException;
    }

    /// A file as it is now: a file that is replaced is another model.
    private record FileVersion(Path path, long bytes, FileTime modified) {}

    private final class Entry {
        private final M model;
        private final Set<String> stays = new HashSet<>(); // names of those that last
        private int leases;

        private Entry(M model) {
            this.model = model;
        }
    }

    /// The right to use a model until it is closed.
    final class Lease implements AutoCloseable {
        private final Entry entry;
        private boolean closed;

        private Lease(Entry entry) {
            this.entry = entry;
        }

        M model() {
            return entry.model;
        }

        @Override
        public void close() {
            synchronized (SharedModels.this) {
                if (!closed) {
                    closed = true;
                    entry.leases--;
                    closeUnused();
                }
            }
        }
    }

    /// The model in `file`, opened if it isn't open. Others wait meanwhile.
    ///
    /// @throws ReplicaException where there is no such file
    synchronized Lease lease(Path file, Stay stay) throws IOException {
        FileVersion version = version(file);
        Entry entry = entries.get(version);
        if (entry == null) {
            forgetReplaced(version.path());
            entry = new Entry(opener.open(version.path()));
            entries.put(version, entry);
        }
        entry.leases++;
        entry.stays.add(stay.name());
        stay.atEnd().accept(() -> end(stay.name()));
        return new Lease(entry);
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

    /// Nobody comes back for what was in the file before.
    private void forgetReplaced(Path path) {
        entries.forEach((version, entry) -> {
            if (version.path().equals(path)) {
                entry.stays.clear();
            }
        });
        closeUnused();
    }

    private synchronized void end(String stay) {
        entries.values().forEach(entry -> entry.stays.remove(stay));
        closeUnused();
    }

    private void closeUnused() {
        entries.values().removeIf(entry -> {
            boolean unused = entry.leases == 0 && entry.stays.isEmpty();
            if (unused) {
                closer.accept(entry.model);
            }
            return unused;
        });
    }
}
