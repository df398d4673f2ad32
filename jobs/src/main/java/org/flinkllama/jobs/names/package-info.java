/// Guesses which name was meant where one is not known. Knows nothing of what the names stand for.
package org.flinkllama.jobs.names;
