package org.flinkllama.operators.download;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// Remembers what it heard of a download.
final class RecordingTransfer implements TransferListener {
    private final List<Long> begins = new CopyOnWriteArrayList<>();
    private final List<String> interruptions = new CopyOnWriteArrayList<>();
    private final List<String> ends = new CopyOnWriteArrayList<>();
    private volatile int waits;
    private volatile long present;

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
    public void waits(long present) {
        waits++;
    }

    @Override
    public void checks() {}

    @Override
    public void ends(long bytes, String sha256) {
        ends.add(sha256);
    }

    /// Bytes that were there at the beginning of each attempt.
    List<Long> begins() {
        return begins;
    }

    List<String> interruptions() {
        return interruptions;
    }

    /// SHA-256 of the files that got their names.
    List<String> ends() {
        return ends;
    }

    /// How often it was heard that somebody else downloads.
    int waits() {
        return waits;
    }

    long present() {
        return present;
    }
}
