package org.flinkllama.jobs.parquet;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.flinkllama.jobs.archive.file.Cuts;
import org.flinkllama.jobs.archive.file.Entry;
import org.flinkllama.jobs.archive.file.FileContent;
import org.flinkllama.jobs.archive.file.RecordCursor;
import org.flinkllama.jobs.archive.file.RecordFiles;
import org.flinkllama.jobs.archive.file.Stretch;

/// Documents in Parquet files, cut between row groups. Of a file without a readable footer or a text one record is
/// refused, and nothing is read.
public final class ParquetRecords implements RecordFiles {
    @Override
    public RecordCursor open(FileContent file, Stretch stretch) throws IOException {
        try {
            ParquetFile parquet = ParquetFile.open(file);
            DocumentColumns columns = DocumentColumns.of(parquet.schema(), file.columns());
            if (columns.problem() != null) {
                return new Refused(columns.problem());
            }
            return new ParquetCursor(
                    file,
                    parquet,
                    columns,
                    parquet.groups().stream()
                            .filter(group -> stretch.isWhole()
                                    || group.start() >= stretch.offset()
                                            && group.start() - stretch.offset() < stretch.length())
                            .toList());
        } catch (UnreadableParquetException unreadable) {
            return new Refused(unreadable.getMessage());
        }
    }

    @Override
    public List<Stretch> cut(FileContent file, long bytes) throws IOException {
        List<ParquetFile.RowGroup> groups;
        try {
            ParquetFile parquet = ParquetFile.open(file);
            if (DocumentColumns.of(parquet.schema(), file.columns()).problem() != null) {
                return List.of(Stretch.whole());
            }
            groups = parquet.groups();
        } catch (UnreadableParquetException unreadable) {
            return List.of(Stretch.whole());
        }
        Cuts cuts = new Cuts(bytes);
        for (int index = 1; index < groups.size(); index++) {
            ParquetFile.RowGroup group = groups.get(index);
            if (group.start() <= groups.get(index - 1).start()) {
                return List.of(Stretch.whole());
            }
            cuts.recordEnds(group.start(), group.firstNumber());
        }
        cuts.recordEnds(file.size(), 0);
        return cuts.stretches();
    }

    private static final class Refused implements RecordCursor {
        private String reason; // null when it was told

        Refused(String reason) {
            this.reason = reason;
        }

        @Override
        public Optional<Entry> next() {
            Optional<Entry> refusal = Optional.ofNullable(reason).map(told -> Entry.refused(1, new byte[0], told));
            reason = null;
            return refusal;
        }

        @Override
        public void close() {}
    }
}
