package org.flinkllama.jobs.archive.read;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.flinkllama.jobs.archive.file.Entry;
import org.flinkllama.jobs.archive.file.RecordCursor;

/// One record a line; blank lines are none.
final class LineCursor implements RecordCursor {
    private final Lines lines;
    private final Kind kind;
    private final String file;

    /// What a line is.
    enum Kind {
        JSON,
        TEXT
    }

    /// @param file what the file is called, for ids of documents without one
    LineCursor(InputStream stream, long firstNumber, Kind kind, String file) {
        this.lines = new Lines(stream, firstNumber, Cursors.MAX_RECORD_BYTES);
        this.kind = kind;
        this.file = file;
    }

    @Override
    public Optional<Entry> next() throws IOException {
        Optional<Lines.Line> line = lines.next();
        while (line.isPresent() && line.get().isBlank()) {
            line = lines.next();
        }
        return line.map(this::entry);
    }

    private Entry entry(Lines.Line line) {
        if (!line.whole()) {
            return Cursors.tooLong(line.number(), line.bytes());
        }
        String derivedId = Cursors.derivedId(file, line.number());
        return switch (kind) {
            case JSON -> DocumentJson.entry(line.number(), line.bytes(), derivedId);
            case TEXT ->
                DocumentJson.decode(line.bytes())
                        .map(text -> Entry.document(line.number(), derivedId, DocumentJson.text(derivedId, text)))
                        .orElseGet(() -> Cursors.notText(line.number(), line.bytes()));
        };
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
