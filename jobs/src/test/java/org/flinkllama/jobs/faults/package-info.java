/// Kills, stops and breaks what a job runs on, at random moments, and compares what readers see then with an
/// undisturbed run, byte for byte. `FaultITCase` is short, `FaultSuite` as long as you say; `Workload` is a job to
/// try.
package org.flinkllama.jobs.faults;
