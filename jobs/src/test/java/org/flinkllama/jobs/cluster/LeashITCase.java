package org.flinkllama.jobs.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 2, unit = TimeUnit.MINUTES)
final class LeashITCase {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @TempDir
    private Path folder;

    /// Starts a process of its own and tells its number, then waits for ever.
    static final class Owner {
        public static void main(String[] arguments) throws Exception {
            Path folder = Path.of(arguments[0]);
            JavaProcess owned = command(Sleeper.class, folder).start("sleeper", folder.resolve("sleeper.log"));
            Files.writeString(folder.resolve("pid.part"), Long.toString(owned.pid()));
            Files.move(folder.resolve("pid.part"), folder.resolve("pid"));
            new CountDownLatch(1).await();
        }
    }

    static final class Sleeper {
        public static void main(String[] arguments) throws InterruptedException {
            new CountDownLatch(1).await();
        }
    }

    /// Waits for ever, and leaves a file behind when it is told to stop.
    static final class Tidy {
        public static void main(String[] arguments) throws Exception {
            Path folder = Path.of(arguments[0]);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> putAway(folder)));
            Files.createFile(folder.resolve("ready"));
            new CountDownLatch(1).await();
        }

        private static void putAway(Path folder) {
            try {
                Thread.sleep(Duration.ofMillis(300));
                Files.createFile(folder.resolve("put-away"));
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @Test
    void aProcessThatIsAskedToStopPutsItsThingsAway() throws Exception {
        JavaProcess process = command(Tidy.class, folder).start("tidy", folder.resolve("tidy.log"));
        process.await(() -> Files.exists(folder.resolve("ready")), PATIENCE);
        assertThat(process.stop(PATIENCE)).as("code of SIGTERM").isEqualTo(143);
        assertThat(folder.resolve("put-away")).exists();
    }

    @Test
    void aProcessEndsWithItsOwnerAlthoughThatOneIsKilled() throws Exception {
        JavaProcess owner = command(Owner.class, folder).start("owner", folder.resolve("owner.log"));
        Path pid = folder.resolve("pid");
        owner.await(() -> Files.exists(pid), PATIENCE);
        ProcessHandle owned =
                ProcessHandle.of(Long.parseLong(Files.readString(pid))).orElseThrow();
        assertThat(owned.isAlive()).isTrue();
        owner.kill();
        await().atMost(PATIENCE).until(() -> !owned.isAlive());
    }

    private static JavaCommand command(Class<?> main, Path folder) {
        return new JavaCommand(main.getName(), List.of("-Xmx32m"), List.of(folder.toString()));
    }
}
