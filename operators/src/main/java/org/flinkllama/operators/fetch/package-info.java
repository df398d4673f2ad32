/// Model files for whoever runs on this machine, wherever they come from: the web, Flink's file systems, Flink's
/// distributed cache. Fetched files are shared by all processes of the machine. Knows nothing of records and engines.
package org.flinkllama.operators.fetch;
