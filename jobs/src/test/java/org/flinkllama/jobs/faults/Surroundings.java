package org.flinkllama.jobs.faults;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.flinkllama.jobs.cluster.BrokerProcess;
import org.flinkllama.jobs.cluster.ClusterOptions;
import org.flinkllama.jobs.cluster.FlinkCluster;
import org.flinkllama.jobs.kafka.KafkaCluster;
import org.flinkllama.jobs.kafka.KafkaConnection;

/// All that a job needs and that can be broken, each in processes or files of its own.
///
/// @param savepoints folder for savepoints
record Surroundings(
        BrokerProcess broker,
        FlinkCluster flink,
        CheckpointStorage checkpoints,
        Path savepoints,
        int transactionTimeout)
        implements AutoCloseable {
    /// Starts all of it, with the inputs of some workloads.
    static Surroundings start(Path folder, List<Workload> workloads) throws IOException, InterruptedException {
        CheckpointStorage checkpoints = CheckpointStorage.create(folder);
        BrokerProcess broker = BrokerProcess.launch(folder.resolve("broker"));
        FlinkCluster flink = FlinkCluster.launch(ClusterOptions.in(folder.resolve("flink")));
        try {
            broker.awaitReady();
            KafkaConnection kafka = KafkaConnection.to(broker.bootstrapServers());
            try (KafkaCluster cluster = KafkaCluster.connect(kafka)) {
                for (Workload workload : workloads) {
                    cluster.create(List.of(workload.input()), Run.PARTITIONS);
                    workload.feed(kafka);
                }
                flink.awaitReady();
                return new Surroundings(
                        broker, flink, checkpoints, folder.resolve("savepoints"), cluster.transactionTimeout());
            }
        } catch (RuntimeException | InterruptedException e) {
            flink.close();
            broker.close();
            throw e;
        }
    }

    KafkaConnection kafka() {
        return KafkaConnection.to(broker.bootstrapServers());
    }

    @Override
    public void close() {
        flink.close();
        broker.close();
    }
}
