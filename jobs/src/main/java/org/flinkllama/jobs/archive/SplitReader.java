package org.flinkllama.jobs.archive;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.flink.connector.file.src.reader.BulkFormat;
import org.apache.flink.connector.file.src.util.ArrayResultIterator;
import org.apache.flink.connector.file.src.util.CheckpointedPosition;
import org.flinkllama.jobs.archive.file.ColumnNames;
import org.flinkllama.jobs.archive.file.Entry;
import org.flinkllama.jobs.archive.file.FileContent;
import org.flinkllama.jobs.archive.file.RecordCursor;
import org.flinkllama.jobs.archive.read.Cursors;
import org.flinkllama.schemas.v1.InputHeader;
import org.flinkllama.schemas.v1.InputRecord;

/// Reads a split, a window a batch. A reader that goes on leaves out as many records as were read before: windows
/// and the order in them are the same each time.
final class SplitReader implements BulkFormat.Reader<InputRecord> {
    private final String file;
    private final long length;
    private final RecordCursor cursor;
    private Optional<Entry> ahead;
    private long toSkip;
    private long records; // of the split, before the next window
    private long stored; // bytes read of the file
    private long told; // of those, told with a record

    SplitReader(ArchiveSplit split, ColumnNames columns) throws IOException {
        FileContent content = split.file().content(columns);
        FileContent counted = new FileContent(
                content.name(),
                content.format(),
                columns,
                content.size(),
                offset -> new Counted(content.bytes().open(offset)));
        this.file = split.file().name();
        this.length = split.length();
        this.toSkip = split.getReaderPosition()
                .map(CheckpointedPosition::getRecordsAfterOffset)
                .orElse(0L);
        this.cursor = Cursors.open(counted, split.stretch());
        this.ahead = cursor.next();
    }

    @Override
    public BulkFormat.RecordIterator<InputRecord> readBatch() throws IOException {
        while (ahead.isPresent()) {
            List<InputRecord> window = window();
            long before = records;
            records += window.size();
            int skipped = (int) Math.min(toSkip, window.size());
            toSkip -= skipped;
            if (skipped < window.size()) {
                InputRecord[] left = window.subList(skipped, window.size()).toArray(InputRecord[]::new);
                ArrayResultIterator<InputRecord> batch = new ArrayResultIterator<>();
                batch.set(left, left.length, CheckpointedPosition.NO_OFFSET, before + skipped);
                return batch;
            }
        }
        return null;
    }

    private List<InputRecord> window() throws IOException {
        Window window = new Window();
        while (ahead.isPresent() && !window.isFull()) {
            window.add(ahead.get());
            ahead = cursor.next();
        }
        long now = ahead.isPresent() ? Math.min(stored, length) : length;
        List<InputRecord> inOrder = new ArrayList<>();
        for (Entry entry : window.ordered()) {
            inOrder.add(record(entry));
        }
        inOrder.getLast().getHeaders().add(ArchiveHeaders.bytesRead(now - told));
        told = now;
        return inOrder;
    }

    private InputRecord record(Entry entry) {
        List<InputHeader> headers = new ArrayList<>();
        if (entry.refusal() != null) {
            headers.add(ArchiveHeaders.refusal(entry.refusal()));
        }
        return new InputRecord(file, 0, entry.number(), null, null, ByteBuffer.wrap(entry.value()), headers);
    }

    @Override
    public void close() throws IOException {
        cursor.close();
    }

    private final class Counted extends FilterInputStream {
        Counted(InputStream stream) {
            super(stream);
        }

        @Override
        public int read() throws IOException {
            int read = super.read();
            stored += read < 0 ? 0 : 1;
            return read;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int read = super.read(bytes, offset, length);
            stored += Math.max(0, read);
            return read;
        }
    }
}
