package org.flinkllama.jobs.bench.speed;

/// Something that can be done again and again to see how fast it is. Belongs to one thread.
public interface Workload extends AutoCloseable {
    /// Does it once.
    Work run() throws InterruptedException;

    @Override
    void close();

    /// What was done.
    ///
    /// @param amount tokens or bytes
    /// @param nanos  time that they took
    record Work(long amount, long nanos) {
        static final Work NONE = new Work(0, 0);

        Work plus(Work other) {
            return new Work(amount + other.amount, nanos + other.nanos);
        }

        public double perSecond() {
            return amount / (Math.max(1, nanos) / 1e9);
        }
    }
}
