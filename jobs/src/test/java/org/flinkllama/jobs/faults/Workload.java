package org.flinkllama.jobs.faults;

import java.util.List;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.flinkllama.jobs.kafka.KafkaConnection;
import org.flinkllama.schemas.v1.InputRecord;

/// A job that owes answers to records of its input, in one output each or in several, and an input to try it with.
///
/// Each run reads the same input topic and writes to topics of its own, so that the outputs of any two can be
/// compared.
interface Workload {
    /// Topic of the input, of three partitions; the name of no other workload's.
    String input();

    /// Records of the input that are answered.
    int records();

    /// Writes the input.
    void feed(KafkaConnection kafka);

    /// Topics that a run writes to, each time in the same order.
    List<String> outputs(String run);

    /// Settings of the job, but for what it begins from and where its checkpoints are.
    Configuration configuration();

    /// Adds a run of the job to an environment.
    ///
    /// @param transactionTimeout milliseconds that a Kafka transaction may stay open
    void build(StreamExecutionEnvironment environment, KafkaConnection kafka, String run, int transactionTimeout);

    /// What an output is owed for.
    Origin origin(InputRecord output);
}
