package org.flinkllama.jobs.parquet;

import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.flinkllama.jobs.archive.file.Entry;
import org.flinkllama.jobs.archive.file.FileContent;
import org.flinkllama.jobs.archive.file.RecordCursor;

/// The documents in some of a file's row groups. What is left of a damaged group is refused as one, and reading
/// goes on behind it.
final class ParquetCursor implements RecordCursor {
    private final FileContent file;
    private final ParquetFile parquet;
    private final DocumentColumns columns;
    private final Iterator<ParquetFile.RowGroup> groups;

    // -- of the group
    private ParquetFile.RowGroup group;
    private Rows<Entry> rows; // null where the next group is to be opened
    private long number; // of the next row

    ParquetCursor(FileContent file, ParquetFile parquet, DocumentColumns columns, List<ParquetFile.RowGroup> groups) {
        this.file = file;
        this.parquet = parquet;
        this.columns = columns;
        this.groups = groups.iterator();
    }

    @Override
    public Optional<Entry> next() throws IOException {
        while (rows != null || groups.hasNext()) {
            try {
                if (rows == null) {
                    openGroup();
                }
                Optional<Entry> row = rows.next();
                if (row.isPresent()) {
                    number++;
                    return row;
                }
                closeGroup();
            } catch (UnreadableParquetException damaged) {
                return Optional.of(refuseGroup(". " + damaged.getMessage()));
            } catch (RuntimeException | StackOverflowError damaged) {
                return Optional.of(refuseGroup(" (" + damaged.getClass().getName() + "); the row group is damaged."));
            }
        }
        return Optional.empty();
    }

    private void openGroup() throws IOException {
        group = groups.next();
        number = group.firstNumber();
        rows = parquet.rows(
                group,
                columns.schema(),
                new DocumentRows(file.name(), file.columns(), columns.schema(), group.firstNumber()));
    }

    private Entry refuseGroup(String reason) throws IOException {
        closeGroup();
        return Entry.refused(
                number,
                new byte[0],
                "Rows " + number + " to " + (group.firstNumber() + group.rows() - 1) + " can't be read" + reason);
    }

    private void closeGroup() throws IOException {
        if (rows != null) {
            rows.close();
            rows = null;
        }
    }

    @Override
    public void close() throws IOException {
        closeGroup();
    }
}
