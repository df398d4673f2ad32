/// Continuous batching: requests are admitted, prefilled in bounded chunks, decoded one token a step beside each
/// other, sampled and retired. An engine belongs to one thread. Schedules tokens and pages; never touches a weight.
package org.flinkllama.model.generation;
