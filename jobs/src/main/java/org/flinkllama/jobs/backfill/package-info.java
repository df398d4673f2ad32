/// The enrichment pipeline over an input that ends: an archive or a stretch of a topic, to files or topics. Says
/// how far it is, and goes on where it was when it is started again. What is asked of the model is as in the live
/// job.
package org.flinkllama.jobs.backfill;
