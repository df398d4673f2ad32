/// A file elsewhere, whatever it is read through: opened at a position, read with patience. Knows nothing of where the
/// bytes go.
package org.flinkllama.operators.download.source;
