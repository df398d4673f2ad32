package org.flinkllama.jobs.faults;

import java.io.IOException;
import java.util.List;
import java.util.random.RandomGenerator;
import org.flinkllama.jobs.cluster.JavaProcess;

/// What can happen to a job in the middle of its work.
enum Fault {
    TASK_MANAGER_KILLED("kill -9 of a TaskManager", 2) {
        @Override
        void strike(Surroundings surroundings, Run run, RandomGenerator random) throws InterruptedException {
            List<JavaProcess> alive = alive(surroundings);
            alive.get(random.nextInt(alive.size())).kill();
            surroundings.flink().startTaskManager();
        }
    },
    JOB_MANAGER_KILLED("kill -9 of the JobManager", 2) {
        @Override
        void strike(Surroundings surroundings, Run run, RandomGenerator random) throws InterruptedException {
            surroundings.flink().jobManager().kill();
            surroundings.flink().startJobManager();
        }
    },
    FLINK_KILLED("kill -9 of all of Flink", 2) {
        @Override
        void strike(Surroundings surroundings, Run run, RandomGenerator random) throws InterruptedException {
            surroundings.flink().jobManager().kill();
            List<JavaProcess> alive = alive(surroundings);
            for (JavaProcess taskManager : alive) {
                taskManager.kill();
            }
            surroundings.flink().startJobManager();
            alive.forEach(dead -> surroundings.flink().startTaskManager());
        }
    },
    BROKER_KILLED("kill -9 of the broker, and restart", 2) {
        @Override
        void strike(Surroundings surroundings, Run run, RandomGenerator random) throws InterruptedException {
            surroundings.broker().process().kill();
            Thread.sleep(random.nextInt(LONGEST_OUTAGE_MILLISECONDS));
            surroundings.broker().restart();
        }
    },
    BROKER_RESTARTED("orderly restart of the broker", 2) {
        @Override
        void strike(Surroundings surroundings, Run run, RandomGenerator random) throws InterruptedException {
            surroundings.broker().stop();
            Thread.sleep(random.nextInt(LONGEST_OUTAGE_MILLISECONDS));
            surroundings.broker().restart();
        }
    },
    CHECKPOINT_STORAGE_FAILED("checkpoint storage gone for a while", 2) {
        @Override
        void strike(Surroundings surroundings, Run run, RandomGenerator random)
                throws IOException, InterruptedException {
            surroundings.checkpoints().fail();
            // Longer than two intervals of checkpoints: one must have met it.
            Thread.sleep(1_500 + random.nextInt(LONGEST_OUTAGE_MILLISECONDS));
            surroundings.checkpoints().repair();
        }
    },
    RESCALED("savepoint, stop, restore at parallelism 1 → 3 → 2", 1) {
        @Override
        void strike(Surroundings surroundings, Run run, RandomGenerator random) throws InterruptedException {
            run.rescale(3);
            run.awaitAnswered(run.answered() + random.nextInt(Math.max(1, run.unfinished() / 2)));
            run.rescale(2);
        }
    };

    private static final int LONGEST_OUTAGE_MILLISECONDS = 4_000;

    private final String words;
    private final int parallelism;

    Fault(String words, int parallelism) {
        this.words = words;
        this.parallelism = parallelism;
    }

    String words() {
        return words;
    }

    /// Of the job before it strikes.
    int parallelism() {
        return parallelism;
    }

    /// Whether a job can't go on after it but from a checkpoint or savepoint. The others it may live through.
    boolean restores() {
        return switch (this) {
            case TASK_MANAGER_KILLED, JOB_MANAGER_KILLED, FLINK_KILLED, RESCALED -> true;
            case BROKER_KILLED, BROKER_RESTARTED, CHECKPOINT_STORAGE_FAILED -> false;
        };
    }

    private static List<JavaProcess> alive(Surroundings surroundings) {
        return surroundings.flink().taskManagers().stream()
                .filter(JavaProcess::alive)
                .toList();
    }

    /// Does it, and everything that an operator of the cluster would do then.
    abstract void strike(Surroundings surroundings, Run run, RandomGenerator random)
            throws IOException, InterruptedException;
}
