/// Parquet files as input and output of backfills, with the library of Parquet and without a Hadoop. The rest of
/// the project finds it by its services and builds without it. What a file says of itself is checked before the
/// library reserves memory for it.
package org.flinkllama.jobs.parquet;
