package org.flinkllama.jobs.cli.model;

import java.io.PrintWriter;
import java.util.function.LongSupplier;
import org.flinkllama.operators.download.ByteCount;
import org.flinkllama.operators.download.TransferListener;
import org.flinkllama.operators.download.TransferPace;

/// Says how far a download is: on one line that is written over on a terminal, else on a new line every ten seconds.
final class DownloadScreen implements TransferListener {
    private static final long TERMINAL_NANOS = 500_000_000L;
    private static final long LOG_NANOS = 10_000_000_000L;

    private final PrintWriter err;
    private final boolean terminal;
    private final LongSupplier nanoTime;
    private final TransferPace pace = new TransferPace();
    private long saidNanos;
    private boolean lineOpen;

    /// @param nanoTime the clock, as [System#nanoTime]
    DownloadScreen(PrintWriter err, boolean terminal, LongSupplier nanoTime) {
        this.err = err;
        this.terminal = terminal;
        this.nanoTime = nanoTime;
    }

    @Override
    public void begins(long present, long total) {
        saidNanos = nanoTime.getAsLong();
        pace.begin(present, total, saidNanos);
        if (present > 0) {
            line("going on behind " + ByteCount.text(present) + " that are there");
        }
    }

    @Override
    public void arrived(long present) {
        long now = nanoTime.getAsLong();
        if (!pace.isWhole(present) && now - saidNanos < (terminal ? TERMINAL_NANOS : LOG_NANOS)) {
            return;
        }
        saidNanos = now;
        String progress = pace.text(present, now);
        if (terminal) {
            err.print("\r\033[K  " + progress);
            err.flush();
            lineOpen = true;
        } else {
            line(progress);
        }
    }

    @Override
    public void interrupted(String reason) {
        line("connection lost (" + reason + "); trying again");
    }

    @Override
    public void waits(long present) {
        line("waiting for another process, which has " + ByteCount.text(present));
    }

    @Override
    public void checks() {
        line("checking");
    }

    @Override
    public void ends(long bytes, String sha256) {
        line(ByteCount.text(bytes) + ", SHA-256 " + sha256);
    }

    private void line(String text) {
        if (lineOpen) {
            err.println();
            lineOpen = false;
        }
        err.println("  " + text);
        err.flush();
    }
}
