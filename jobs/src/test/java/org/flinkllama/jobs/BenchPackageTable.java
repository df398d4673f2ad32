package org.flinkllama.jobs;

import static java.util.Map.entry;

import java.util.Map;
import java.util.Set;

/// The part of [PackageTable] for the packages that measure.
final class BenchPackageTable {
    static final Map<String, Set<String>> MAY_USE = Map.ofEntries(
            entry(
                    "jobs.bench.speed",
                    Set.of(
                            "model.cache",
                            "model.decoder",
                            "model.generation",
                            "model.llama",
                            "model.sampling",
                            "model.tokenizer")),
            entry(
                    "jobs.bench.documents",
                    Set.of(
                            "model.cache",
                            "model.chat",
                            "model.llama",
                            "operators.replica",
                            "operators.task",
                            "operators.task.prompt")),
            entry(
                    "jobs.bench.job",
                    Set.of(
                            "jobs.bench.documents",
                            "jobs.bench.speed",
                            "jobs.enrich",
                            "jobs.local",
                            "model.cache",
                            "model.llama",
                            "operators.enrich",
                            "operators.format",
                            "operators.replica",
                            "schemas.v1")),
            entry(
                    "jobs.bench.backfill",
                    Set.of(
                            "jobs.archive",
                            "jobs.archive.file",
                            "jobs.archive.output",
                            "jobs.backfill",
                            "jobs.bench.documents",
                            "jobs.bench.speed",
                            "jobs.enrich",
                            "jobs.local",
                            "model.cache",
                            "model.generation",
                            "model.llama",
                            "operators.enrich",
                            "operators.format",
                            "operators.reject",
                            "operators.replica",
                            "operators.task",
                            "schemas.v1")),
            entry(
                    "jobs.bench",
                    Set.of(
                            "jobs.bench.backfill",
                            "jobs.bench.job",
                            "jobs.bench.speed",
                            "model.cache",
                            "model.gguf",
                            "model.kernel.simd",
                            "model.llama",
                            "model.synthetic",
                            "model.tensor")));

    private BenchPackageTable() {}
}
