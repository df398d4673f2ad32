/// Records in, outputs of any kind out: the Flink operator around a replica. It owns the order, the state and the
/// restarts of records in flight; a workload owns what is asked and answered. The task thread alone touches state and
/// output and is never held for a record; the replica's thread never sees an object of Flink's. Knows no document,
/// no turn and no Kafka.
package org.flinkllama.operators.inference;
