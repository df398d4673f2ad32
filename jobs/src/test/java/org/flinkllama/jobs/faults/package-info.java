/// Kills, stops and breaks what a job runs on, at random moments, and compares what readers see then with an
/// undisturbed run, byte for byte. The workload is a parameter.
package org.flinkllama.jobs.faults;
