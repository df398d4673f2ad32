/// Options that several commands share, as they are written on the command line, and the values they stand for: the
/// model, how it computes, what is asked of it. Knows no command.
package org.flinkllama.jobs.cli.arguments;
