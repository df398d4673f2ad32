package org.flinkllama.jobs.cli.model;

import java.io.PrintWriter;
import java.util.function.LongSupplier;
import org.flinkllama.jobs.download.TransferListener;

/// Says how far a download is: on one line that is written over on a terminal, else on a new line every ten seconds.
final class DownloadScreen implements TransferListener {
    private static final long TERMINAL_NANOS = 500_000_000L;
    private static final long LOG_NANOS = 10_000_000_000L;

    private final PrintWriter err;
    private final boolean terminal;
    private final LongSupplier nanoTime;
    private long total;
    private long presentAtBegin;
    private long beginNanos;
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
        this.total = total;
        presentAtBegin = present;
        beginNanos = nanoTime.getAsLong();
        saidNanos = beginNanos;
        if (present > 0) {
            line("going on behind " + ByteCount.text(present) + " that are there");
        }
    }

    @Override
    public void arrived(long present) {
        long now = nanoTime.getAsLong();
        boolean whole = present == total;
        if (!whole && now - saidNanos < (terminal ? TERMINAL_NANOS : LOG_NANOS)) {
            return;
        }
        saidNanos = now;
        String progress = progress(present, Math.max(1, now - beginNanos) / 1e9);
        if (terminal) {
            err.print("\r\033[K  " + progress);
            err.flush();
            lineOpen = true;
        } else {
            line(progress);
        }
    }

    private String progress(long present, double seconds) {
        double rate = (present - presentAtBegin) / seconds;
        String speed = "%,.1f MB/s".formatted(rate / 1e6);
        if (total == 0) {
            return ByteCount.text(present) + ", " + speed;
        }
        long left = rate == 0 ? 0 : Math.round((total - present) / rate);
        return "%s of %s (%d %%), %s, %d:%02d left"
                .formatted(
                        ByteCount.text(present),
                        ByteCount.text(total),
                        100 * present / total,
                        speed,
                        left / 60,
                        left % 60);
    }

    @Override
    public void interrupted(String reason) {
        line("connection lost (" + reason + "); trying again");
    }

    @Override
    public void checks() {
        line("checking");
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
