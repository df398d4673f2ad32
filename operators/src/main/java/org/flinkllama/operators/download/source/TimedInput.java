package org.flinkllama.operators.download.source;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A stream whose reader can be interrupted. One that brings nothing for a while counts as lost.
public final class TimedInput implements AutoCloseable {
    private final InputStream input;
    private final Duration stall;
    private final ExecutorService reader = Executors.newVirtualThreadPerTaskExecutor();

    /// @param stall time without a byte after which the stream counts as lost
    public TimedInput(InputStream input, Duration stall) {
        this.input = input;
        this.stall = stall;
    }

    int read(byte[] buffer) throws IOException, InterruptedException {
        Future<Integer> read = reader.submit(() -> input.read(buffer));
        try {
            return read.get(stall.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new IOException("no byte came for " + stall.toMillis() / 1e3 + " s", e);
        } catch (ExecutionException e) {
            throw new IOException(e.getCause().getMessage(), e.getCause());
        }
    }

    @Override
    public void close() {
        try {
            input.close();
        } catch (IOException closedAlready) {
            // Nothing is read from it any more.
        }
        reader.shutdownNow();
    }
}
