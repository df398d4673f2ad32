package org.flinkllama.jobs.archive.read;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.flinkllama.jobs.archive.file.Compression;
import org.flinkllama.jobs.archive.file.Cuts;
import org.flinkllama.jobs.archive.file.Entry;
import org.flinkllama.jobs.archive.file.FileContent;
import org.flinkllama.jobs.archive.file.ParquetModule;
import org.flinkllama.jobs.archive.file.RecordCursor;
import org.flinkllama.jobs.archive.file.RecordFiles;
import org.flinkllama.jobs.archive.file.Stretch;

/// Opens files for reading, and finds where they can be cut.
public final class Cursors {
    /// Bytes of one record at most; a longer one is refused.
    public static final int MAX_RECORD_BYTES = 32 << 20;

    private static final int KEPT_BYTES = 1 << 10;

    private Cursors() {}

    /// Goes over the records of a stretch. The file is opened by the first call of the cursor.
    public static RecordCursor open(FileContent file, Stretch stretch) {
        return new GuardedCursor(stretch.firstNumber(), () -> unguarded(file, stretch));
    }

    private static RecordCursor unguarded(FileContent file, Stretch stretch) throws IOException {
        return switch (file.format()) {
            case JSONL -> new LineCursor(file.open(stretch), stretch.firstNumber(), LineCursor.Kind.JSON, file.name());
            case LINES -> new LineCursor(file.open(stretch), stretch.firstNumber(), LineCursor.Kind.TEXT, file.name());
            case TEXT -> new WholeTextCursor(file.open(stretch), file.name());
            case CSV -> CsvCursor.open(file, stretch);
            case AVRO -> AvroCursor.open(file, stretch);
            case PARQUET -> ParquetModule.part(RecordFiles.class).open(file, stretch);
        };
    }

    /// Cuts a file into stretches of about `bytes` each, the same ones for the same file. Reads all of it to find
    /// the ends of lines and to count them. What is compressed as a whole, or is one document, can't be cut.
    public static List<Stretch> cut(FileContent file, long bytes) throws IOException {
        if (file.size() <= bytes || file.compression() != Compression.NONE) {
            return List.of(Stretch.whole());
        }
        return switch (file.format()) {
            case TEXT -> List.of(Stretch.whole());
            case JSONL, LINES -> cutLines(file, bytes);
            case CSV -> CsvCursor.cut(file, bytes);
            case AVRO -> AvroCursor.cut(file, bytes);
            case PARQUET -> ParquetModule.part(RecordFiles.class).cut(file, bytes);
        };
    }

    private static List<Stretch> cutLines(FileContent file, long bytes) throws IOException {
        Cuts cuts = new Cuts(bytes);
        try (Lines lines = new Lines(file.open(), 1, 0)) {
            for (Optional<Lines.Line> line = lines.next(); line.isPresent(); line = lines.next()) {
                cuts.recordEnds(line.get().behind(), line.get().number() + 1);
            }
        }
        return cuts.stretches();
    }

    /// The id of a document without one.
    public static String derivedId(String file, long number) {
        return file + ":" + number;
    }

    static Entry tooLong(long number, byte[] bytes) {
        byte[] kept = Arrays.copyOf(bytes, Math.min(bytes.length, KEPT_BYTES));
        return Entry.refused(
                number,
                kept,
                "The record is longer than " + MAX_RECORD_BYTES + " bytes; expected at most as many. Of its bytes the"
                        + " first " + kept.length + " are kept here. Split the document.");
    }

    static Entry notText(long number, byte[] bytes) {
        return Entry.refused(
                number,
                bytes,
                "The " + bytes.length + " bytes are not UTF-8; expected text in UTF-8. Convert the file.");
    }
}
