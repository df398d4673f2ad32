/// The command line: what may be typed, what is said in return, and the exit code. Reads options into values, calls
/// the package that does the work, and turns failures into sentences.
package org.flinkllama.jobs.cli;
