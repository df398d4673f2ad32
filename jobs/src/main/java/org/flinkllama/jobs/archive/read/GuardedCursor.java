package org.flinkllama.jobs.archive.read;

import com.github.luben.zstd.ZstdIOException;
import java.io.EOFException;
import java.io.IOException;
import java.util.Optional;
import java.util.zip.ZipException;
import org.flinkllama.jobs.archive.file.Entry;
import org.flinkllama.jobs.archive.file.RecordCursor;

/// Ends with a refusal where a file is damaged or cut off in its compression. Storage that does not answer is another
/// matter, and fails.
final class GuardedCursor implements RecordCursor {
    private final Opener opener;
    private RecordCursor cursor; // null until the first call
    private long number;
    private boolean ended;

    /// Opens what is guarded.
    @FunctionalInterface
    interface Opener {
        RecordCursor open() throws IOException;
    }

    /// @param firstNumber of what is guarded
    GuardedCursor(long firstNumber, Opener opener) {
        this.opener = opener;
        this.number = firstNumber - 1;
    }

    @Override
    public Optional<Entry> next() throws IOException {
        if (ended) {
            return Optional.empty();
        }
        try {
            if (cursor == null) {
                cursor = opener.open();
            }
            Optional<Entry> next = cursor.next();
            next.ifPresent(entry -> number = entry.number());
            return next;
        } catch (EOFException | ZipException | ZstdIOException damaged) {
            ended = true;
            return Optional.of(Entry.refused(
                    number + 1,
                    new byte[0],
                    "Nothing behind record " + number + " can be decompressed ("
                            + damaged.getClass().getName()
                            + "); the file is damaged or cut off. Compress it anew from what it was made of."));
        }
    }

    @Override
    public void close() throws IOException {
        if (cursor != null) {
            cursor.close();
        }
    }
}
