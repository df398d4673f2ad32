/// A Kafka broker of the project's own: one node, in this process, on the loopback interface, with its files in a
/// temporary folder or in one that stays. Knows nothing of documents or jobs.
package org.flinkllama.jobs.broker;
