package org.flinkllama.jobs.parquet;

import java.io.Closeable;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.column.page.PageReader;
import org.apache.parquet.filter2.compat.FilterCompat;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.io.api.RecordMaterializer;
import org.apache.parquet.schema.MessageType;
import org.flinkllama.jobs.archive.file.FileContent;

/// The rows of a group, one after the other. Each column has a stream of its own.
final class Rows<T> implements Closeable {
    private final Map<List<String>, ColumnPages> pages = new HashMap<>(); // by the column's path
    private RecordReader<T> reader;
    private long left;

    private Rows(long rows) {
        this.left = rows;
    }

    /// @param writer of the file, which the library knows the faults of; may be null
    static <T> Rows<T> open(
            FileContent file,
            ParquetFile.RowGroup group,
            MessageType columns,
            RecordMaterializer<T> materializer,
            String writer)
            throws IOException {
        Rows<T> rows = new Rows<>(group.rows());
        try {
            rows.openPages(file, group, columns);
            rows.reader = new ColumnIOFactory(writer)
                    .getColumnIO(columns)
                    .getRecordReader(rows.new Store(), materializer, FilterCompat.NOOP);
            return rows;
        } catch (ColumnPages.StorageFailure e) {
            rows.close();
            throw e.failure();
        } catch (IOException | RuntimeException e) {
            rows.close();
            throw e;
        }
    }

    private void openPages(FileContent file, ParquetFile.RowGroup group, MessageType columns) throws IOException {
        for (ColumnChunkMetaData chunk : group.columns()) {
            String[] path = chunk.getPath().toArray();
            if (!columns.containsPath(path)) {
                continue;
            }
            ColumnDescriptor column = columns.getColumnDescription(path);
            // Else rows would be read behind the column's end.
            if (column.getMaxRepetitionLevel() == 0 && chunk.getValueCount() != group.rows()) {
                throw new IllegalArgumentException(
                        "A column has " + chunk.getValueCount() + " values; expected " + group.rows() + ".");
            }
            if (pages.containsKey(List.of(path))) {
                throw new IllegalArgumentException("A row group has a column twice.");
            }
            pages.put(List.of(path), new ColumnPages(file, column, chunk));
        }
    }

    /// The next row; empty behind the last one.
    ///
    /// @throws IOException where the file can't be read at all; what is damaged throws any runtime exception
    Optional<T> next() throws IOException {
        if (left == 0) {
            return Optional.empty();
        }
        left--;
        try {
            return Optional.of(reader.read());
        } catch (ColumnPages.StorageFailure e) {
            throw e.failure();
        }
    }

    @Override
    public void close() throws IOException {
        for (ColumnPages column : pages.values()) {
            column.close();
        }
    }

    private final class Store implements PageReadStore {
        private final long rows = left;

        @Override
        public PageReader getPageReader(ColumnDescriptor column) {
            PageReader found = pages.get(List.of(column.getPath()));
            if (found == null) {
                throw new IllegalArgumentException("A row group has no column for a field of the schema.");
            }
            return found;
        }

        @Override
        public long getRowCount() {
            return rows;
        }
    }
}
