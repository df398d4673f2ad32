/// The documents that whole jobs are measured with: how many and how long, their texts, and what is asked of each.
// Knows
/// no job.
package org.flinkllama.jobs.bench.documents;
