package org.flinkllama.jobs.bench.speed;

import java.time.Duration;
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
    /// Measurements in a row that are no faster than those before them, when a workload counts as steady.
    private static final int STEADY = 4;

    /// Gains that count as none.
    private static final double NO_FASTER = 1.02;

    public Repetitions {
        if (count < 1) {
            throw new IllegalArgumentException("Option 'repetitions' is " + count + "; expected 1 or more.");
        }
    }

    /// Warms the workload up and measures it.
    public Speed measure(Workload workload) throws InterruptedException {
        warmUp(workload);
        double[] measurements = new double[count];
        for (int i = 0; i < count; i++) {
            measurements[i] = once(workload);
        }
        return Speed.of(measurements);
    }

    private void warmUp(Workload workload) throws InterruptedException {
        long begin = System.nanoTime();
        double fastest = 0;
        int noFaster = 0;
        while (noFaster < STEADY && System.nanoTime() - begin < longestWarmUp.toNanos()) {
            double speed = once(workload);
            noFaster = speed > fastest * NO_FASTER ? 0 : noFaster + 1;
            fastest = Math.max(fastest, speed);
        }
    }

    private double once(Workload workload) throws InterruptedException {
        Work work = Work.NONE;
        do {
            work = work.plus(workload.run());
        } while (work.nanos() < shortest.toNanos());
        return work.perSecond();
    }
}
