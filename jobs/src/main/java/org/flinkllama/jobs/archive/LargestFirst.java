package org.flinkllama.jobs.archive;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import org.apache.flink.connector.file.src.FileSourceSplit;
import org.apache.flink.connector.file.src.assigners.FileSplitAssigner;

/// Gives each reader that asks the largest split that is left, so that no large one begins when all others are done.
final class LargestFirst implements FileSplitAssigner {
    private final PriorityQueue<FileSourceSplit> splits = new PriorityQueue<>(
            Comparator.comparingLong(FileSourceSplit::length).reversed().thenComparing(FileSourceSplit::splitId));

    LargestFirst(Collection<FileSourceSplit> splits) {
        this.splits.addAll(splits);
    }

    @Override
    public Optional<FileSourceSplit> getNext(String host) {
        return Optional.ofNullable(splits.poll());
    }

    @Override
    public void addSplits(Collection<FileSourceSplit> returned) {
        splits.addAll(returned);
    }

    @Override
    public Collection<FileSourceSplit> remainingSplits() {
        return List.copyOf(splits);
    }
}
