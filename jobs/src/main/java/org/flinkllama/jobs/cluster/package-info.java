/// A cluster of real processes on this machine: ZooKeeper, Flink's JobManager and TaskManagers, a Kafka broker,
/// each a JVM on this program's own class path that ends with its owner unless it is detached. Starts, kills and
/// stops them, submits jobs and asks how they are, over REST. Knows nothing of documents.
package org.flinkllama.jobs.cluster;
