/// Dead letters, sent back to the topic they came from, each once. Knows the headers of a dead letter and nothing of
/// what its value means.
package org.flinkllama.jobs.kafka.replay;
