/// Commands about a cluster of separate processes on this machine: start it, give it jobs, ask how it is, end it.
package org.flinkllama.jobs.cli.cluster;
