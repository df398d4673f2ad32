package org.flinkllama.jobs.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Lets the main thread put things away when the process is told to stop (Ctrl-C, SIGTERM): the thread is
/// interrupted, and the process waits for it a while.
final class Interruption {
    private static final int PATIENCE_SECONDS = 30;

    private final Thread thread;
    private final CountDownLatch finished = new CountDownLatch(1);

    private Interruption(Thread thread) {
        this.thread = thread;
    }

    static Interruption ofThisThread() {
        Interruption interruption = new Interruption(Thread.currentThread());
        Runtime.getRuntime().addShutdownHook(new Thread(interruption::stop, "stop"));
        return interruption;
    }

    /// Says that the thread has nothing to put away any more.
    void finished() {
        finished.countDown();
    }

    private void stop() {
        if (finished.getCount() == 0) {
            return;
        }
        thread.interrupt();
        try {
            finished.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
