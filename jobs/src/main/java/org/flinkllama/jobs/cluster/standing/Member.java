package org.flinkllama.jobs.cluster.standing;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A process of the cluster.
///
/// @param started milliseconds since 1970 at which the system started it, which tells it from a later process of
///                its number; 0 where the system does not say
public record Member(String name, long pid, long started) {
    static Member of(String name, long pid) {
        return new Member(name, pid, ProcessHandle.of(pid).map(Member::started).orElse(0L));
    }

    @JsonIgnore
    public boolean alive() {
        return handle().isPresent();
    }

    void askToStop() {
        handle().ifPresent(ProcessHandle::destroy);
    }

    /// Waits for its end, and kills it where it does not come to it.
    void awaitEnd(Duration patience) throws InterruptedException {
        Optional<ProcessHandle> process = handle();
        if (process.isPresent() && !ended(process.get(), patience)) {
            process.get().destroyForcibly();
            ended(process.get(), patience);
        }
    }

    private static boolean ended(ProcessHandle process, Duration patience) throws InterruptedException {
        try {
            process.onExit().get(patience.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException | ExecutionException e) {
            return false;
        }
    }

    private Optional<ProcessHandle> handle() {
        return ProcessHandle.of(pid).filter(process -> process.isAlive() && started(process) == started);
    }

    private static long started(ProcessHandle process) {
        return process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
    }
}
