/// A cluster that outlives the command that started it: which processes it has is written into its folder, by which
/// later commands find it, give it jobs from a jar over REST, and end it. Ends no process but those. Knows nothing
/// of documents.
package org.flinkllama.jobs.cluster.standing;
