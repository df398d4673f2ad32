package org.flinkllama.jobs.archive.file;

import java.util.ArrayList;
import java.util.List;

/// Gathers the stretches of a file while it is read from its beginning to its end.
public final class Cuts {
    private final long bytes;
    private final List<Stretch> stretches = new ArrayList<>();
    private long begin;
    private long beginNumber = 1;
    private long end;

    /// @param bytes that a stretch has at least, but for the last one
    public Cuts(long bytes) {
        this.bytes = bytes;
    }

    /// A record or line ends at `offset`, and the next one has this number.
    public void recordEnds(long offset, long nextNumber) {
        end = offset;
        if (end - begin >= bytes) {
            add();
            beginNumber = nextNumber;
        }
    }

    /// The stretches, behind the file's last record.
    public List<Stretch> stretches() {
        if (end > begin) {
            add();
        }
        return List.copyOf(stretches);
    }

    private void add() {
        stretches.add(new Stretch(begin, end - begin, beginNumber));
        begin = end;
    }
}
