/// One subtask's copy of what is needed to decode: an engine on its own thread, over weights that the subtasks of a
/// process share. A replica owns its engine and a lease on the model; whoever opens one closes it. Never touches an
/// object of Flink's.
package org.flinkllama.operators.replica;
