/// What an inference operator knows of records that were taken in and have not left: their order, and what a
/// checkpoint holds of them. Belongs to the task thread.
package org.flinkllama.operators.inference.state;
