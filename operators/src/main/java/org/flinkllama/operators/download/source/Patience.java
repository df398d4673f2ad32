package org.flinkllama.operators.download.source;

import java.time.Duration;

/// How long a download waits for a server, and how often it asks again.
///
/// @param connect   time for a connection and the answer's head
/// @param stall     time without a byte after which a connection counts as lost
/// @param retries   attempts that may bring nothing, one after the other
/// @param firstWait pause before the first of them; each is twice the one before, up to `longestWait`
public record Patience(Duration connect, Duration stall, int retries, Duration firstWait, Duration longestWait) {
    public static final Patience USUAL = new Patience(
            Duration.ofSeconds(30), Duration.ofSeconds(60), 8, Duration.ofSeconds(1), Duration.ofSeconds(30));

    /// Waits before an attempt is made again.
    ///
    /// @param failures attempts that brought nothing, 1 or more
    public void pause(int failures) throws InterruptedException {
        long wait = firstWait.toMillis() << Math.min(failures - 1, 20);
        Thread.sleep(Math.min(wait, longestWait.toMillis()));
    }
}
