/// Bad input and failed inference, on their way out by a side output: why a record was refused, and how that is
/// written beside the untouched record. Never holds text of a record. Knows nothing of Flink, tasks or models.
package org.flinkllama.operators.reject;
