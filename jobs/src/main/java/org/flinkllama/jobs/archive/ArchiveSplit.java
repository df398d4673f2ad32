package org.flinkllama.jobs.archive;

import org.apache.flink.connector.file.src.FileSourceSplit;
import org.apache.flink.connector.file.src.util.CheckpointedPosition;
import org.flinkllama.jobs.archive.file.Stretch;

/// A stretch of a file, and how many of its records were read: a reader that goes on reads the stretch from its
/// beginning and leaves those out.
final class ArchiveSplit extends FileSourceSplit {
    private static final long serialVersionUID = 1L;

    private final ArchiveFile file;
    private final Stretch stretch;

    /// @param position where its reader goes on; null at the beginning
    ArchiveSplit(ArchiveFile file, Stretch stretch, CheckpointedPosition position) {
        super(
                file.name() + "@" + stretch.offset(),
                file.path(),
                stretch.offset(),
                stretch.isWhole() ? file.size() : stretch.length(),
                file.modified(),
                file.size(),
                new String[0],
                position);
        this.file = file;
        this.stretch = stretch;
    }

    ArchiveFile file() {
        return file;
    }

    Stretch stretch() {
        return stretch;
    }

    @Override
    public ArchiveSplit updateWithCheckpointedPosition(CheckpointedPosition position) {
        return new ArchiveSplit(file, stretch, position);
    }
}
