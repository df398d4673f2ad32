/// The conversation job: turns in, replies and dead letters out, exactly once. `ConversationPipeline` knows sources
/// and sinks alone; `ConversationJob` gives it Kafka's.
package org.flinkllama.jobs.converse;
