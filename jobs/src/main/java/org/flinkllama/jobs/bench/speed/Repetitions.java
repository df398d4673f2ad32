package org.flinkllama.jobs.bench.speed;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.flinkllama.jobs.bench.speed.Workload.Work;

/// How often a workload runs until its speed is known.
///
/// The just-in-time compiler needs seconds for a big kernel, and it runs at a hundredth of its speed until then: a
/// workload is repeated, not measured, until it gets no faster.
///
/// @param count         measurements, 1 or more
/// @param shortest      time of a measurement at least; a shorter workload runs several times in it
/// @param longestWarmUp time after which it is measured all the same; zero measures at once
public record Repetitions(int count, Duration shortest, Duration longestWarmUp) {
    /// Measurements in a row that are no faster than those before, when a workload counts as steady, and how many of
    /// the shortest they take at least.
    private static final int STEADY = 2;

    private static final int STEADY_TIME = 4;

    /// Gains that count as none.
    private static final double NO_FASTER = 1.02;

    public Repetitions {
        if (count < 1) {
            throw new IllegalArgumentException("Option 'repetitions' is " + count + "; expected 1 or more.");
        }
    }

    /// Warms the workload up and measures it.
    public Speed measure(Workload workload) throws InterruptedException {
        return measureInTurns(List.of(workload)).getFirst();
    }

    /// Warms the workloads up and measures them, one after the other time and again: what slows the machine down for a
    /// while slows all of them.
    ///
    /// @return their speeds, in their order
    public List<Speed> measureInTurns(List<Workload> workloads) throws InterruptedException {
        for (Workload workload : workloads) {
            warmUp(workload);
        }
        double[][] measurements = new double[workloads.size()][count];
        for (int i = 0; i < count; i++) {
            for (int w = 0; w < measurements.length; w++) {
                measurements[w][i] = once(workloads.get(w)).perSecond();
            }
        }
        return Arrays.stream(measurements).map(Speed::of).toList();
    }

    /// Repeats the workload until it gets no faster.
    public void warmUp(Workload workload) throws InterruptedException {
        double fastest = 0;
        long time = 0;
        int noFaster = 0;
        long noFasterTime = 0;
        while (time < longestWarmUp.toNanos()
                && (noFaster < STEADY || noFasterTime < STEADY_TIME * shortest.toNanos())) {
            Work work = once(workload);
            boolean faster = work.perSecond() > fastest * NO_FASTER;
            noFaster = faster ? 0 : noFaster + 1;
            noFasterTime = faster ? 0 : noFasterTime + work.nanos();
            fastest = Math.max(fastest, work.perSecond());
            time += work.nanos();
        }
    }

    private Work once(Workload workload) throws InterruptedException {
        Work work = Work.NONE;
        do {
            work = work.plus(workload.run());
        } while (work.nanos() < shortest.toNanos());
        return work;
    }
}
