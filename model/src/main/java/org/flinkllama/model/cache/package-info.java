/// Keys and values of sequences, in pages of sixteen positions from one bounded pool. Equal prefixes share pages by
/// reference; a page is written by one sequence only. Belongs to the engine's thread.
package org.flinkllama.model.cache;
