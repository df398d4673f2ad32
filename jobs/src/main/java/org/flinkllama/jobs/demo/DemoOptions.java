package org.flinkllama.jobs.demo;

import java.nio.file.Path;
import java.util.Optional;
import org.flinkllama.operators.enrich.EnrichmentPlan;

/// What the demo shows.
///
/// @param documents   file of JSON lines; the demo's own where there is none
/// @param plan        what is asked of which model
/// @param keepRunning whether broker, job and web UI stay up behind the last document
public record DemoOptions(Optional<Path> documents, EnrichmentPlan plan, boolean keepRunning) {}
