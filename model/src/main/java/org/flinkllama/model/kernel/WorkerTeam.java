package org.flinkllama.model.kernel;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/// Threads that work on the parts of a job together; the calling thread is one of them. A worker spins briefly
/// after a job, because the next one usually follows within microseconds, then parks: an idle team burns nothing.
///
/// [#run] and [#close] belong to one thread.
public final class WorkerTeam implements AutoCloseable {
    /// Part of the work of a decoder: reads and writes only what belongs to `part` of `parts`.
    @FunctionalInterface
    public interface Job {
        void run(Kernel kernel, int part, int parts);
    }

    /// Multiplications below which sharing costs more than it brings: about ten microseconds of one core.
    private static final long SMALLEST_SHARED_WORK = 250_000;

    private static final long SPIN_NANOS = 50_000;
    private static final int SPINS_BETWEEN_CLOCK_READS = 64;

    private final Kernel ownKernel;
    private final Worker[] workers;
    private final AtomicInteger unfinished = new AtomicInteger();
    private volatile Throwable failure;
    private volatile int round;
    private volatile boolean closed;
    private Job job;

    /// @param threads workers, the caller included; 1 or more
    /// @param kernels makes the kernel of each worker
    public WorkerTeam(int threads, Supplier<Kernel> kernels) {
        if (threads < 1) {
            throw new IllegalArgumentException("Option 'threads' is " + threads + "; expected 1 or more.");
        }
        ownKernel = kernels.get();
        workers = new Worker[threads - 1];
        for (int i = 0; i < workers.length; i++) {
            Worker worker = new Worker(i + 1, kernels.get());
            worker.thread = new Thread(() -> work(worker), "llama-worker-" + worker.part);
            worker.thread.setDaemon(true);
            workers[i] = worker;
        }
        for (Worker worker : workers) {
            worker.thread.start();
        }
    }

    /// Workers, the caller included.
    public int size() {
        return workers.length + 1;
    }

    /// The caller's own kernel, for work too small to share.
    public Kernel kernel() {
        return ownKernel;
    }

    /// Runs every part of the job and returns when all are done; their writes are then visible to the caller. A job
    /// too small to share is run by the caller as one part.
    ///
    /// @param multiplications what the job computes, roughly, or takes the time of
    public void run(Job next, long multiplications) {
        if (closed) {
            throw new IllegalStateException("The worker team is closed.");
        }
        if (workers.length == 0 || multiplications < SMALLEST_SHARED_WORK) {
            next.run(ownKernel, 0, 1);
            return;
        }
        job = next;
        unfinished.set(workers.length);
        round++;
        for (Worker worker : workers) {
            if (worker.parked) {
                LockSupport.unpark(worker.thread);
            }
        }
        try {
            next.run(ownKernel, 0, size());
        } finally {
            awaitWorkers();
        }
        if (failure != null) {
            Throwable cause = failure;
            failure = null;
            throw new IllegalStateException("A worker of the decoder failed: " + cause, cause);
        }
    }

    private void awaitWorkers() {
        for (int spins = 0; unfinished.get() > 0; spins++) {
            if (spins < 10_000) {
                Thread.onSpinWait();
            } else {
                Thread.yield();
            }
        }
    }

    private void work(Worker worker) {
        int done = 0;
        while (true) {
            int current = awaitRound(worker, done);
            if (closed) {
                return;
            }
            done = current;
            try {
                job.run(worker.kernel, worker.part, size());
            } catch (Throwable thrown) {
                failure = thrown;
            } finally {
                unfinished.decrementAndGet();
            }
        }
    }

    private int awaitRound(Worker worker, int done) {
        long started = System.nanoTime();
        for (int spins = 1; round == done && !closed; spins++) {
            Thread.onSpinWait();
            if (spins % SPINS_BETWEEN_CLOCK_READS == 0 && System.nanoTime() - started > SPIN_NANOS) {
                worker.parked = true;
                while (round == done && !closed) {
                    LockSupport.park(this);
                }
                worker.parked = false;
            }
        }
        return round;
    }

    /// Ends the threads. Must not be called while a job runs.
    @Override
    public void close() {
        closed = true;
        for (Worker worker : workers) {
            LockSupport.unpark(worker.thread);
        }
    }

    private static final class Worker {
        private final int part;
        private final Kernel kernel;
        private Thread thread;
        private volatile boolean parked;

        private Worker(int part, Kernel kernel) {
            this.part = part;
            this.kernel = kernel;
        }
    }
}
