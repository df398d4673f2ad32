/// A Kafka broker of the demo's and the tests' own: one node, in this process, on the loopback interface, with its
/// files in a folder that is deleted afterwards. Knows nothing of documents or jobs.
package org.flinkllama.jobs.broker;
