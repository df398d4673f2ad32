package org.flinkllama.operators.download;

import java.util.function.Consumer;
import java.util.function.LongSupplier;

/// Says how far a download is, on a line every ten seconds.
public final class TransferLines implements TransferListener {
    private static final long QUIET_NANOS = 10_000_000_000L;

    private final Consumer<String> lines;
    private final LongSupplier nanoTime;
    private final TransferPace pace = new TransferPace();
    private long saidNanos;

    /// @param nanoTime the clock, as [System#nanoTime]
    public TransferLines(Consumer<String> lines, LongSupplier nanoTime) {
        this.lines = lines;
        this.nanoTime = nanoTime;
        this.saidNanos = nanoTime.getAsLong() - QUIET_NANOS;
    }

    @Override
    public void begins(long present, long total) {
        pace.begin(present, total, nanoTime.getAsLong());
        say("begins with " + ByteCount.text(present) + " of " + (total == 0 ? "?" : ByteCount.text(total)));
    }

    @Override
    public void arrived(long present) {
        if (quietForLong()) {
            say(pace.text(present, nanoTime.getAsLong()));
        }
    }

    @Override
    public void interrupted(String reason) {
        say("connection lost (" + reason + "); trying again");
    }

    @Override
    public void waits(long present) {
        if (quietForLong()) {
            say("waits for another subtask or process, which has " + ByteCount.text(present));
        }
    }

    @Override
    public void checks() {
        say("checking");
    }

    @Override
    public void ends(long bytes, String sha256) {
        say("is here, " + ByteCount.text(bytes) + ", SHA-256 " + sha256);
    }

    private boolean quietForLong() {
        return nanoTime.getAsLong() - saidNanos >= QUIET_NANOS;
    }

    private void say(String line) {
        saidNanos = nanoTime.getAsLong();
        lines.accept(line);
    }
}
