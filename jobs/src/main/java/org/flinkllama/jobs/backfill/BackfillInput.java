package org.flinkllama.jobs.backfill;

import java.util.List;
import org.apache.flink.api.connector.source.Source;
import org.flinkllama.jobs.archive.ArchiveDocumentReader;
import org.flinkllama.jobs.archive.ArchiveFile;
import org.flinkllama.jobs.archive.ArchiveSource;
import org.flinkllama.jobs.archive.file.ColumnNames;
import org.flinkllama.jobs.kafka.KafkaConnection;
import org.flinkllama.jobs.kafka.range.TopicRange;
import org.flinkllama.operators.format.DocumentReader;
import org.flinkllama.schemas.v1.InputRecord;

/// What a backfill reads.
public sealed interface BackfillInput {
    /// Files of an archive, one at least.
    record Files(List<ArchiveFile> files, ColumnNames columns) implements BackfillInput {
        @Override
        public DocumentReader reader() {
            return new ArchiveDocumentReader();
        }
    }

    /// Records of a topic.
    ///
    /// @param group  consumer group that progress is reported under
    record Topic(KafkaConnection connection, TopicRange range, String group, DocumentReader reader)
            implements BackfillInput {}

    /// Reads the documents in the source's records.
    DocumentReader reader();

    default Source<InputRecord, ?, ?> source() {
        return switch (this) {
            case Files(var files, var columns) -> new ArchiveSource(files, columns);
            case Topic(var connection, var range, var group, var _) -> range.open(connection, group);
        };
    }

    /// All that there is to read: bytes of files, or offsets of a topic.
    default long size() {
        return switch (this) {
            case Files(var files, var _) ->
                files.stream().mapToLong(ArchiveFile::size).sum();
            case Topic(var _, var range, var _, var _) -> range.offsets();
        };
    }
}
