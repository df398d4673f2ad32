package org.flinkllama.jobs.archive.read;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.flinkllama.jobs.archive.file.ColumnNames;
import org.flinkllama.jobs.archive.file.Cuts;
import org.flinkllama.jobs.archive.file.Entry;
import org.flinkllama.jobs.archive.file.FileContent;
import org.flinkllama.jobs.archive.file.RecordCursor;
import org.flinkllama.jobs.archive.file.Stretch;

/// One document a row, its columns named by the file's first row. Without a usable first row, that row is refused
/// and nothing behind it is read.
final class CsvCursor implements RecordCursor {
    private static final ObjectReader FIELDS =
            new CsvMapper().readerFor(String[].class).with(CsvParser.Feature.WRAP_AS_ARRAY);

    private final FileContent file;
    private final CsvRows rows;
    private final Header header;
    private boolean headerAhead;

    private CsvCursor(FileContent file, CsvRows rows, Header header, boolean headerAhead) {
        this.file = file;
        this.rows = rows;
        this.header = header;
        this.headerAhead = headerAhead;
    }

    static RecordCursor open(FileContent file, Stretch stretch) throws IOException {
        Header header = Header.of(file);
        CsvRows rows = new CsvRows(
                file.open(stretch),
                stretch.firstNumber(),
                file.columns().separator(),
                header.names().size());
        return new CsvCursor(file, rows, header, stretch.offset() == 0);
    }

    static List<Stretch> cut(FileContent file, long bytes) throws IOException {
        Header header = Header.of(file);
        if (header.problem() != null) {
            return List.of(Stretch.whole());
        }
        Cuts cuts = new Cuts(bytes);
        int columns = header.names().size();
        try (CsvRows rows = new CsvRows(file.open(), 1, file.columns().separator(), columns)) {
            for (Optional<CsvRows.Row> row = rows.next(); row.isPresent(); row = rows.next()) {
                if (rows.isSettled()) {
                    cuts.recordEnds(row.get().behind(), row.get().nextNumber());
                }
            }
        }
        cuts.recordEnds(file.size(), 0);
        return cuts.stretches();
    }

    @Override
    public Optional<Entry> next() throws IOException {
        if (headerAhead) {
            headerAhead = false;
            Optional<CsvRows.Row> first = rows.next();
            if (first.isPresent() && header.problem() != null) {
                return Optional.of(
                        Entry.refused(first.get().number(), first.get().bytes(), header.problem()));
            }
        }
        return header.problem() == null ? rows.next().map(this::entry) : Optional.empty();
    }

    private Entry entry(CsvRows.Row row) {
        if (row.problem() != null) {
            return row.bytes().length >= Cursors.MAX_RECORD_BYTES
                    ? Cursors.tooLong(row.number(), row.bytes())
                    : Entry.refused(row.number(), row.bytes(), row.problem());
        }
        Optional<String> text = DocumentJson.decode(row.bytes());
        if (text.isEmpty()) {
            return Cursors.notText(row.number(), row.bytes());
        }
        List<String> values = fields(text.get(), file.columns().separator());
        if (values.size() != header.names().size()) {
            return Entry.refused(
                    row.number(),
                    row.bytes(),
                    "The row can't be read as CSV; expected " + header.names().size() + " fields.");
        }
        DocumentFields document = new DocumentFields(file.columns(), Cursors.derivedId(file.name(), row.number()));
        for (int column = 0; column < values.size(); column++) {
            document.put(header.names().get(column), values.get(column));
        }
        return document.entry(row.number());
    }

    /// The fields of a row; none where it can't be read.
    private static List<String> fields(String row, char separator) {
        ObjectReader reader = FIELDS.with(CsvSchema.emptySchema().withColumnSeparator(separator));
        try (MappingIterator<String[]> rows = reader.readValues(row)) {
            return rows.hasNextValue() ? List.of(rows.nextValue()) : List.of();
        } catch (JsonProcessingException broken) {
            return List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        rows.close();
    }

    /// The names of a file's columns.
    ///
    /// @param problem why they are of no use; null where they are
    private record Header(List<String> names, String problem) {
        static Header of(FileContent file) throws IOException {
            ColumnNames columns = file.columns();
            try (CsvRows rows = new CsvRows(file.open(), 1, columns.separator(), 0)) {
                Optional<CsvRows.Row> row = rows.next();
                if (row.isEmpty()) {
                    return new Header(List.of(), null);
                }
                List<String> names = row.get().problem() == null
                        ? DocumentJson.decode(row.get().bytes())
                                .map(text -> fields(text, columns.separator()))
                                .orElse(List.of())
                        : List.of();
                return new Header(names, problem(names, columns));
            }
        }

        private static String problem(List<String> names, ColumnNames columns) {
            if (names.isEmpty()) {
                return "The first row can't be read as CSV; expected the names of the columns. No row behind it is"
                        + " read.";
            }
            if (!names.contains(columns.text())) {
                return "The first row has " + names.size() + " columns and none is named '" + columns.text()
                        + "'; expected a header row. Name the column of the text by --text-column, the separator by"
                        + " --csv-separator. No row behind it is read.";
            }
            return new HashSet<>(names).size() == names.size()
                    ? null
                    : "The first row names a column twice; expected different names. No row behind it is read.";
        }
    }
}
