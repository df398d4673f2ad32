package org.flinkllama.jobs.archive.read;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/// The rows of a CSV file (RFC 4180): lines, several where a line ends inside quotes.
///
/// A quote that is never closed would take the rest of the file along. So a row of several lines that is broken
/// loses its first line alone, and reading goes on with the second one.
final class CsvRows implements Closeable {
    private static final int MAX_LINES = 10_000;

    private final Lines lines;
    private final char separator;
    private final int columns; // 0 where the header is read
    private final Deque<Lines.Line> ahead = new ArrayDeque<>();

    /// @param columns that a row must have; 0 for any number
    CsvRows(InputStream stream, long firstNumber, char separator, int columns) {
        this.lines = new Lines(stream, firstNumber, Cursors.MAX_RECORD_BYTES);
        this.separator = separator;
        this.columns = columns;
    }

    /// A row.
    ///
    /// @param number     of its first line
    /// @param problem    why it is none; null where it is one
    /// @param behind     bytes of the stream up to its end
    /// @param nextNumber number of the line behind it
    record Row(long number, byte[] bytes, String problem, long behind, long nextNumber) {}

    /// The next row that is not blank; empty at the stream's end.
    Optional<Row> next() throws IOException {
        Lines.Line first = line();
        while (first != null && first.isBlank()) {
            first = line();
        }
        if (first == null) {
            return Optional.empty();
        }
        List<Lines.Line> row = new ArrayList<>(List.of(first));
        Scan scan = new Scan();
        scan.line(first.bytes());
        long size = first.bytes().length;
        while (first.whole() && scan.isOpen() && row.size() < MAX_LINES && size <= Cursors.MAX_RECORD_BYTES) {
            Lines.Line further = line();
            if (further == null) {
                break;
            }
            row.add(further);
            size += further.bytes().length;
            scan.line(further.bytes());
        }
        String problem = problem(first, scan);
        if (problem != null) {
            row.subList(1, row.size()).reversed().forEach(ahead::addFirst);
            return Optional.of(new Row(first.number(), first.bytes(), problem, first.behind(), first.number() + 1));
        }
        Lines.Line last = row.getLast();
        return Optional.of(new Row(first.number(), joined(row), null, last.behind(), last.number() + 1));
    }

    private String problem(Lines.Line first, Scan scan) {
        if (!first.whole()) {
            return "The line is longer than " + Cursors.MAX_RECORD_BYTES + " bytes; expected at most as many.";
        }
        if (scan.isOpen()) {
            return "The row opens a quote that is not closed; expected '\"' at the field's end, and '\"\"' for a quote"
                    + " in a field.";
        }
        if (scan.broken) {
            return "The row has text behind a closing quote; expected a separator there, and '\"\"' for a quote in a"
                    + " field.";
        }
        return columns == 0 || scan.fields == columns
                ? null
                : "The row has " + scan.fields + " fields; expected " + columns + " as in the header.";
    }

    private static byte[] joined(List<Lines.Line> row) {
        if (row.size() == 1) {
            return row.getFirst().bytes();
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (Lines.Line line : row) {
            if (bytes.size() > 0) {
                bytes.write('\n');
            }
            bytes.writeBytes(line.bytes());
        }
        return bytes.toByteArray();
    }

    private Lines.Line line() throws IOException {
        return ahead.isEmpty() ? lines.next().orElse(null) : ahead.removeFirst();
    }

    /// Whether no line behind the last row was looked at: reading may begin here and gives the same rows.
    boolean isSettled() {
        return ahead.isEmpty();
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }

    /// Follows quotes and separators through the lines of a row.
    private final class Scan {
        private Place place = Place.FIELD_BEGIN;
        private int fields = 1;
        private boolean broken;

        void line(byte[] line) {
            for (byte letter : line) {
                place = switch (place) {
                    case FIELD_BEGIN -> letter == '"' ? Place.QUOTED : unquoted(letter);
                    case UNQUOTED -> unquoted(letter);
                    case QUOTED -> letter == '"' ? Place.QUOTE : Place.QUOTED;
                    case QUOTE -> behindQuote(letter);
                };
            }
        }

        private Place unquoted(byte letter) {
            if (letter != separator) {
                return Place.UNQUOTED;
            }
            fields++;
            return Place.FIELD_BEGIN;
        }

        private Place behindQuote(byte letter) {
            if (letter == '"') {
                return Place.QUOTED;
            }
            broken |= letter != separator;
            return unquoted(letter);
        }

        boolean isOpen() {
            return place == Place.QUOTED && !broken;
        }
    }

    private enum Place {
        FIELD_BEGIN,
        UNQUOTED,
        QUOTED,
        /// Behind a quote inside quotes: the field's end, or half of a quote in it.
        QUOTE
    }
}
