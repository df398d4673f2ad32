package org.flinkllama.jobs.download;

import java.util.ArrayList;
import java.util.List;

/// Remembers what it heard of a download.
final class RecordingTransfer implements TransferListener {
    private final List<Long> begins = new ArrayList<>();
    private final List<String> interruptions = new ArrayList<>();
    private long present;

    @Override
    public void begins(long present, long total) {
        begins.add(present);
    }

    @Override
    public void arrived(long present) {
        this.present = present;
    }

    @Override
    public void interrupted(String reason) {
        interruptions.add(reason);
    }

    @Override
    public void checks() {}

    /// Bytes that were there at the beginning of each attempt.
    List<Long> begins() {
        return begins;
    }

    List<String> interruptions() {
        return interruptions;
    }

    long present() {
        return present;
    }
}
