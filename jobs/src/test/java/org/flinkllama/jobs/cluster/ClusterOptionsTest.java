package org.flinkllama.jobs.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class ClusterOptionsTest {
    private static final Path FOLDER = Path.of("cluster");
    private static final Duration TIMEOUT = Duration.ofSeconds(6);

    @Test
    void takesTheFolderAsSeenFromWhereverAProcessRuns() {
        assertThat(ClusterOptions.in(FOLDER).folder()).isAbsolute();
    }

    @Test
    void saysWhichOptionIsWrongAndWhatIsExpected() {
        assertThatThrownBy(() -> new ClusterOptions(FOLDER, 0, 2, 640, TIMEOUT))
                .hasMessage("Option 'task-managers' is 0; expected 1 or more.");
        assertThatThrownBy(() -> new ClusterOptions(FOLDER, 2, 0, 640, TIMEOUT))
                .hasMessage("Option 'slots' is 0; expected 1 or more.");
        assertThatThrownBy(() -> new ClusterOptions(FOLDER, 2, 2, 100, TIMEOUT))
                .hasMessage("Option 'task-manager-memory' is 100; expected 512 MiB or more.");
        assertThatThrownBy(() -> new ClusterOptions(FOLDER, 2, 2, 640, Duration.ofSeconds(1)))
                .hasMessage("Option 'session-timeout' is PT1S; expected 2 seconds or more.");
    }
}
