package org.flinkllama.operators.download;

/// How far a download is and how fast it goes, for people to read.
public final class TransferPace {
    private long total;
    private long presentAtBegin;
    private long beginNanos;

    /// Bytes begin to arrive.
    ///
    /// @param present bytes that are there
    /// @param bytes   of the whole file; 0 where unknown
    public void begin(long present, long bytes, long nanos) {
        total = bytes;
        presentAtBegin = present;
        beginNanos = nanos;
    }

    /// Whether all bytes are there.
    public boolean isWhole(long present) {
        return present == total;
    }

    /// What has arrived, at what speed, and how long the rest will take.
    public String text(long present, long nanos) {
        double rate = (present - presentAtBegin) / (Math.max(1, nanos - beginNanos) / 1e9);
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
}
