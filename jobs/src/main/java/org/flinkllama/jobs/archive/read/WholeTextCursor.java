package org.flinkllama.jobs.archive.read;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Optional;
import org.flinkllama.jobs.archive.file.Entry;
import org.flinkllama.jobs.archive.file.RecordCursor;

/// A file whose whole text is one document, named like the file; an empty file has none.
final class WholeTextCursor implements RecordCursor {
    private final InputStream stream;
    private final String file;
    private boolean read;

    WholeTextCursor(InputStream stream, String file) {
        this.stream = stream;
        this.file = file;
    }

    @Override
    public Optional<Entry> next() throws IOException {
        if (read) {
            return Optional.empty();
        }
        read = true;
        byte[] bytes = stream.readNBytes(Cursors.MAX_RECORD_BYTES + 1);
        if (bytes.length > Cursors.MAX_RECORD_BYTES) {
            return Optional.of(Cursors.tooLong(1, bytes));
        }
        byte[] text = Lines.startsWithMark(bytes) ? Arrays.copyOfRange(bytes, 3, bytes.length) : bytes;
        if (text.length == 0) {
            return Optional.empty();
        }
        return Optional.of(DocumentJson.decode(text)
                .map(decoded -> Entry.document(1, file, DocumentJson.text(file, decoded)))
                .orElseGet(() -> Cursors.notText(1, bytes)));
    }

    @Override
    public void close() throws IOException {
        stream.close();
    }
}
