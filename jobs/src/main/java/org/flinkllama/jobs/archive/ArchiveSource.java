package org.flinkllama.jobs.archive;

import java.util.List;
import org.apache.flink.connector.file.src.AbstractFileSource;
import org.apache.flink.core.fs.Path;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.flinkllama.jobs.archive.file.ColumnNames;
import org.flinkllama.schemas.v1.InputRecord;

/// The records of an archive, each once, in no order but that records of one id in one window keep theirs. What can't
/// be read as a record comes as one that [ArchiveDocumentReader] refuses.
public final class ArchiveSource extends AbstractFileSource<InputRecord, ArchiveSplit> {
    private static final long serialVersionUID = 1L;

    /// @param files as [ArchiveListing] found them, one at least
    public ArchiveSource(List<ArchiveFile> files, ColumnNames columns) {
        super(
                files.stream().map(ArchiveFile::path).toArray(Path[]::new),
                () -> new SplitPlan(files, columns),
                LargestFirst::new,
                new ArchiveRecords(columns),
                null);
    }

    @Override
    public SimpleVersionedSerializer<ArchiveSplit> getSplitSerializer() {
        return new ArchiveSplitSerializer();
    }
}
