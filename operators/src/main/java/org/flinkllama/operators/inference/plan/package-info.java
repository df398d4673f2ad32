/// What whoever builds an inference operator brings: a workload, which says what is asked of the model for a record
/// and what is made of its answers, and the options by which the operator treats its records.
package org.flinkllama.operators.inference.plan;
