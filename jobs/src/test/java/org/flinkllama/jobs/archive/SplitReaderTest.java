package org.flinkllama.jobs.archive;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.apache.flink.connector.file.src.FileSourceSplit;
import org.apache.flink.connector.file.src.reader.BulkFormat;
import org.apache.flink.connector.file.src.util.CheckpointedPosition;
import org.apache.flink.connector.file.src.util.RecordAndPosition;
import org.flinkllama.jobs.archive.file.ColumnNames;
import org.flinkllama.schemas.v1.InputRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SplitReaderTest {
    private static final int RECORDS = 3_000;

    @TempDir
    private Path folder;

    @Test
    void readsEachRecordOnceWhateverTheSplitsAre() throws IOException {
        write();
        List<InputRecord> whole = records(splits(1));
        assertThat(whole).hasSize(2 * RECORDS);
        for (int readers : new int[] {3, 50}) {
            List<ArchiveSplit> splits = splits(readers);
            assertThat(splits).hasSizeGreaterThan(2);
            assertThat(told(records(splits))).containsExactlyInAnyOrderElementsOf(told(whole));
        }
    }

    @Test
    void handsOutTheLargestSplitFirst() throws IOException {
        write();
        LargestFirst assigner = new LargestFirst(List.copyOf(splits(2)));
        List<Long> lengths = new ArrayList<>();
        for (Optional<FileSourceSplit> split = assigner.getNext(null);
                split.isPresent();
                split = assigner.getNext(null)) {
            lengths.add(split.get().length());
        }
        assertThat(lengths).hasSizeGreaterThan(2).isSortedAccordingTo((one, other) -> Long.compare(other, one));
        assertThat(assigner.remainingSplits()).isEmpty();
    }

    @Test
    void goesOnBehindTheRecordThatACheckpointNames() throws IOException {
        write();
        for (ArchiveSplit split : splits(1)) {
            List<RecordAndPosition<InputRecord>> positions = positions(split);
            for (int read : new int[] {1, 511, 512, 513, positions.size() - 1, positions.size()}) {
                CheckpointedPosition position = new CheckpointedPosition(
                        positions.get(read - 1).getOffset(),
                        positions.get(read - 1).getRecordSkipCount());
                assertThat(position).isEqualTo(new CheckpointedPosition(CheckpointedPosition.NO_OFFSET, read));
                ArchiveSplitSerializer serializer = new ArchiveSplitSerializer();
                ArchiveSplit restored = serializer.deserialize(
                        serializer.getVersion(), serializer.serialize(split.updateWithCheckpointedPosition(position)));
                assertThat(restored.splitId()).isEqualTo(split.splitId());
                assertThat(told(records(List.of(restored))))
                        .isEqualTo(told(records(List.of(split))).subList(read, positions.size()));
            }
        }
    }

    @Test
    void tellsAsManyBytesAsTheFilesHave() throws IOException {
        write();
        for (int readers : new int[] {1, 20}) {
            long told = records(splits(readers)).stream()
                    .mapToLong(ArchiveHeaders::bytesRead)
                    .sum();
            assertThat(told)
                    .isEqualTo(files().stream().mapToLong(ArchiveFile::size).sum());
        }
    }

    private void write() throws IOException {
        StringBuilder lines = new StringBuilder();
        for (int line = 0; line < RECORDS; line++) {
            lines.append("{\"text\":\"").append("word ".repeat(line * 7 % 40)).append("\"}\n");
        }
        Files.writeString(folder.resolve("a.jsonl"), lines);
        try (OutputStream stream = new GZIPOutputStream(Files.newOutputStream(folder.resolve("b.jsonl.gz")))) {
            stream.write(lines.toString().getBytes(StandardCharsets.UTF_8));
        }
    }

    private List<ArchiveFile> files() {
        return new ArchiveListing(Optional.empty()).files(List.of(folder.toString()));
    }

    private List<ArchiveSplit> splits(int readers) throws IOException {
        return new SplitPlan(files(), ColumnNames.DEFAULT)
                .enumerateSplits(null, readers).stream()
                        .map(ArchiveSplit.class::cast)
                        .toList();
    }

    private static List<InputRecord> records(List<ArchiveSplit> splits) throws IOException {
        List<InputRecord> records = new ArrayList<>();
        for (ArchiveSplit split : splits) {
            positions(split).forEach(position -> records.add(position.getRecord()));
        }
        return records;
    }

    private static List<RecordAndPosition<InputRecord>> positions(ArchiveSplit split) throws IOException {
        List<RecordAndPosition<InputRecord>> positions = new ArrayList<>();
        try (BulkFormat.Reader<InputRecord> reader =
                new ArchiveRecords(ColumnNames.DEFAULT).restoreReader(null, split)) {
            for (BulkFormat.RecordIterator<InputRecord> batch = reader.readBatch();
                    batch != null;
                    batch = reader.readBatch()) {
                for (RecordAndPosition<InputRecord> next = batch.next(); next != null; next = batch.next()) {
                    positions.add(
                            new RecordAndPosition<>(next.getRecord(), next.getOffset(), next.getRecordSkipCount()));
                }
                batch.releaseBatch();
            }
        }
        return positions;
    }

    private static List<String> told(List<InputRecord> records) {
        return records.stream()
                .map(ArchiveHeaders::withoutBytesRead)
                .map(record -> record.getTopic() + " " + record.getOffset() + " "
                        + StandardCharsets.UTF_8.decode(record.getValue().duplicate()))
                .toList();
    }
}
