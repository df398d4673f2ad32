package org.flinkllama.jobs.archive;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.apache.flink.connector.file.src.FileSourceSplit;
import org.apache.flink.connector.file.src.enumerate.FileEnumerator;
import org.apache.flink.core.fs.Path;
import org.flinkllama.jobs.archive.file.ColumnNames;
import org.flinkllama.jobs.archive.file.Stretch;
import org.flinkllama.jobs.archive.read.Cursors;

/// Makes splits of the files, many for each reader and none long, so that readers end at about the same time
/// whatever the sizes of the files.
///
/// @param files found when the job was made: a file that comes later is not read
record SplitPlan(List<ArchiveFile> files, ColumnNames columns) implements FileEnumerator {
    private static final long SHORTEST = 64L << 10;
    private static final long LONGEST = 16L << 20;
    private static final int SPLITS_PER_READER = 16;

    @Override
    public Collection<FileSourceSplit> enumerateSplits(Path[] paths, int readers) throws IOException {
        long total = files.stream().mapToLong(ArchiveFile::size).sum();
        long target = Math.clamp(total / ((long) SPLITS_PER_READER * readers), SHORTEST, LONGEST);
        List<FileSourceSplit> splits = new ArrayList<>();
        for (ArchiveFile file : files) {
            for (Stretch stretch : Cursors.cut(file.content(columns), target)) {
                splits.add(new ArchiveSplit(file, stretch, null));
            }
        }
        return splits;
    }
}
