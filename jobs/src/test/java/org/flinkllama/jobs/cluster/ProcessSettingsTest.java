package org.flinkllama.jobs.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ProcessSettingsTest {
    @TempDir
    private Path folder;

    private ProcessSettings settings;

    @BeforeEach
    void settings() {
        settings = new ProcessSettings(ClusterOptions.in(folder), Optional.of("127.0.0.1:2181"), 8081, 0);
    }

    @Test
    void boundsEachPartOfATaskManagersMemory() {
        JavaCommand command = settings.taskManager("taskmanager-1");
        assertThat(command.jvmArguments())
                .anyMatch(argument -> argument.startsWith("-Xmx"))
                .anyMatch(argument -> argument.startsWith("-XX:MaxDirectMemorySize="))
                .anyMatch(argument -> argument.startsWith("-XX:MaxMetaspaceSize="));
    }

    @Test
    void writesSettingsThatListenOnThisMachineAlone() throws IOException {
        assertThat(written(settings.jobManager("jobmanager-1")))
                .contains("rest.bind-address: 127.0.0.1", "jobmanager.bind-host: 127.0.0.1", "rest.bind-port: '8081'");
        assertThat(written(settings.taskManager("taskmanager-1")))
                .contains("taskmanager.bind-host: 127.0.0.1", "taskmanager.resource-id: taskmanager-1");
    }

    @Test
    void letsAJobManagerRecoverThroughZooKeeper() throws IOException {
        assertThat(written(settings.jobManager("jobmanager-1")))
                .contains("high-availability.type: zookeeper", "high-availability.zookeeper.quorum: 127.0.0.1:2181");
    }

    @Test
    void leavesZooKeeperOutWhereThereIsNone() throws IOException {
        settings = new ProcessSettings(ClusterOptions.in(folder), Optional.empty(), 8081, 9091);
        assertThat(written(settings.jobManager("jobmanager-1")))
                .noneMatch(line -> line.startsWith("high-availability"))
                .contains("jobmanager.rpc.port: 9091")
                .anyMatch(line -> line.startsWith("execution.checkpointing.savepoint-dir: "));
    }

    /// Lines of the file in the folder that the command names.
    private static List<String> written(JavaCommand command) throws IOException {
        return Files.readAllLines(Path.of(command.arguments().getLast()).resolve("config.yaml"));
    }
}
