package org.flinkllama.jobs;

import static java.util.Map.entry;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/// Which package may use which.
final class PackageTable {
    /// Every package of the project and the packages of the project that it may use. No entry reaches back.
    static final Map<String, Set<String>> MAY_USE = withBench(Map.ofEntries(
            entry("schemas.v1", Set.of()),
            entry("model.tensor", Set.of()),
            entry("model.kernel", Set.of("model.tensor")),
            entry("model.kernel.grouped", Set.of("model.tensor")),
            entry("model.kernel.scalar", Set.of("model.kernel", "model.kernel.grouped", "model.tensor")),
            entry("model.kernel.simd.vector", Set.of("model.kernel")),
            entry("model.kernel.simd.attention", Set.of("model.kernel", "model.kernel.simd.vector")),
            entry(
                    "model.kernel.simd.grouped",
                    Set.of("model.kernel", "model.kernel.grouped", "model.kernel.simd.vector", "model.tensor")),
            entry(
                    "model.kernel.simd.panel",
                    Set.of("model.kernel", "model.kernel.grouped", "model.kernel.simd.vector", "model.tensor")),
            entry(
                    "model.kernel.simd.row",
                    Set.of("model.kernel", "model.kernel.grouped", "model.kernel.simd.vector", "model.tensor")),
            entry(
                    "model.kernel.simd",
                    Set.of(
                            "model.kernel",
                            "model.kernel.grouped",
                            "model.kernel.simd.attention",
                            "model.kernel.simd.grouped",
                            "model.kernel.simd.panel",
                            "model.kernel.simd.row",
                            "model.kernel.simd.vector",
                            "model.tensor")),
            entry("model.gguf", Set.of("model.tensor")),
            entry("model.tokenizer", Set.of("model.gguf")),
            entry("model.chat", Set.of("model.gguf", "model.tokenizer")),
            entry("model.sampling", Set.of("model.kernel")),
            entry("model.cache", Set.of("model.kernel")),
            entry("model.decoder", Set.of("model.cache", "model.kernel")),
            entry(
                    "model.llama",
                    Set.of(
                            "model.cache",
                            "model.chat",
                            "model.decoder",
                            "model.gguf",
                            "model.kernel",
                            "model.kernel.grouped",
                            "model.kernel.simd",
                            "model.tensor",
                            "model.tokenizer")),
            entry(
                    "model.generation",
                    Set.of(
                            "model.cache",
                            "model.decoder",
                            "model.kernel",
                            "model.llama",
                            "model.sampling",
                            "model.tokenizer")),
            entry("model.synthetic", Set.of("model.gguf", "model.llama", "model.tensor")),
            entry("operators.download.source", Set.of()),
            entry("operators.download.http", Set.of("operators.download.source")),
            entry("operators.download", Set.of("model.gguf", "operators.download.http", "operators.download.source")),
            entry(
                    "operators.fetch",
                    Set.of(
                            "model.gguf",
                            "model.llama",
                            "operators.download",
                            "operators.download.http",
                            "operators.download.source",
                            "operators.replica")),
            entry("operators.reject", Set.of("schemas.v1")),
            entry("operators.format", Set.of("operators.reject", "schemas.v1")),
            entry("operators.format.registry", Set.of("operators.format", "operators.reject", "schemas.v1")),
            entry("operators.task.text", Set.of("model.tokenizer")),
            entry("operators.task.prompt", Set.of("model.chat", "model.tokenizer")),
            entry(
                    "operators.task.method",
                    Set.of(
                            "model.generation",
                            "model.sampling",
                            "model.tokenizer",
                            "operators.reject",
                            "operators.task.prompt",
                            "operators.task.text",
                            "schemas.v1")),
            entry(
                    "operators.task",
                    Set.of(
                            "model.chat",
                            "model.generation",
                            "model.sampling",
                            "model.tokenizer",
                            "operators.reject",
                            "operators.task.method",
                            "operators.task.prompt",
                            "operators.task.text",
                            "schemas.v1")),
            entry(
                    "operators.replica",
                    Set.of(
                            "model.cache",
                            "model.chat",
                            "model.generation",
                            "model.gguf",
                            "model.llama",
                            "model.sampling",
                            "model.tokenizer")),
            entry(
                    "operators.inference.plan",
                    Set.of("model.generation", "operators.reject", "operators.replica", "schemas.v1")),
            entry(
                    "operators.inference.state",
                    Set.of("model.generation", "model.sampling", "operators.inference.plan", "schemas.v1")),
            entry(
                    "operators.inference",
                    Set.of(
                            "model.generation",
                            "operators.fetch",
                            "operators.inference.plan",
                            "operators.inference.state",
                            "operators.reject",
                            "operators.replica",
                            "schemas.v1")),
            entry(
                    "operators.enrich",
                    Set.of(
                            "model.chat",
                            "model.generation",
                            "model.tokenizer",
                            "operators.format",
                            "operators.format.registry",
                            "operators.inference",
                            "operators.inference.plan",
                            "operators.reject",
                            "operators.replica",
                            "operators.task",
                            "operators.task.prompt",
                            "schemas.v1")),
            entry(
                    "operators.format.conversation",
                    Set.of("operators.format", "operators.format.registry", "operators.reject", "schemas.v1")),
            entry(
                    "operators.conversation.prompt",
                    Set.of("model.chat", "model.tokenizer", "operators.task.prompt", "operators.task.text")),
            entry(
                    "operators.conversation",
                    Set.of(
                            "model.chat",
                            "model.generation",
                            "model.sampling",
                            "model.tokenizer",
                            "operators.conversation.prompt",
                            "operators.inference.plan",
                            "operators.reject",
                            "operators.replica",
                            "operators.task",
                            "operators.task.text",
                            "schemas.v1")),
            entry(
                    "operators.converse.documents",
                    Set.of(
                            "operators.conversation",
                            "operators.format",
                            "operators.format.conversation",
                            "operators.inference",
                            "operators.reject",
                            "operators.task",
                            "schemas.v1")),
            entry(
                    "operators.converse",
                    Set.of(
                            "operators.conversation",
                            "operators.converse.documents",
                            "operators.format",
                            "operators.format.registry",
                            "operators.format.conversation",
                            "operators.inference",
                            "operators.inference.plan",
                            "operators.reject",
                            "operators.replica",
                            "schemas.v1")),
            entry("jobs.names", Set.of()),
            entry("jobs.local", Set.of()),
            entry("jobs.broker", Set.of("jobs.local")),
            entry("jobs.cluster", Set.of("jobs.broker", "jobs.local")),
            entry("jobs.cluster.standing", Set.of("jobs.cluster", "jobs.local")),
            entry(
                    "jobs.kafka",
                    Set.of(
                            "jobs.names",
                            "operators.format",
                            "operators.format.conversation",
                            "operators.reject",
                            "schemas.v1")),
            entry("jobs.kafka.range", Set.of("jobs.kafka", "schemas.v1")),
            entry("jobs.archive.file", Set.of()),
            entry("jobs.archive.read", Set.of("jobs.archive.file", "operators.format", "schemas.v1")),
            entry(
                    "jobs.archive",
                    Set.of(
                            "jobs.archive.file",
                            "jobs.archive.read",
                            "operators.format",
                            "operators.reject",
                            "schemas.v1")),
            entry("jobs.archive.output", Set.of("jobs.archive", "jobs.archive.file", "operators.format", "schemas.v1")),
            entry(
                    "jobs.backfill",
                    Set.of(
                            "jobs.archive",
                            "jobs.archive.file",
                            "jobs.archive.output",
                            "jobs.enrich",
                            "jobs.kafka",
                            "jobs.kafka.range",
                            "jobs.local",
                            "operators.enrich",
                            "operators.format",
                            "operators.reject",
                            "schemas.v1")),
            entry(
                    "jobs.cli.backfill",
                    Set.of(
                            "jobs.archive",
                            "jobs.archive.file",
                            "jobs.archive.output",
                            "jobs.backfill",
                            "jobs.cli.arguments",
                            "jobs.cli.job",
                            "jobs.enrich",
                            "jobs.kafka",
                            "jobs.kafka.range",
                            "jobs.local",
                            "operators.enrich",
                            "operators.format",
                            "operators.format.registry",
                            "operators.inference.plan",
                            "operators.replica",
                            "operators.task")),
            entry("jobs.kafka.replay", Set.of("jobs.kafka", "operators.reject")),
            entry(
                    "jobs.converse",
                    Set.of(
                            "jobs.kafka",
                            "jobs.local",
                            "operators.converse",
                            "operators.format",
                            "operators.format.conversation",
                            "schemas.v1")),
            entry(
                    "jobs.chat",
                    Set.of(
                            "jobs.kafka",
                            "model.generation",
                            "operators.conversation",
                            "operators.format",
                            "operators.format.conversation",
                            "operators.inference.plan",
                            "operators.reject",
                            "operators.replica",
                            "schemas.v1")),
            entry(
                    "jobs.enrich",
                    Set.of("jobs.kafka", "jobs.local", "operators.enrich", "operators.format", "schemas.v1")),
            entry(
                    "jobs.demo",
                    Set.of(
                            "jobs.broker",
                            "jobs.enrich",
                            "jobs.kafka",
                            "jobs.local",
                            "operators.enrich",
                            "operators.format",
                            "operators.reject",
                            "schemas.v1")),
            entry(
                    "jobs.cli.arguments",
                    Set.of(
                            "model.cache",
                            "model.gguf",
                            "model.llama",
                            "model.sampling",
                            "operators.conversation",
                            "operators.download",
                            "operators.fetch",
                            "operators.inference.plan",
                            "operators.replica",
                            "operators.task")),
            entry(
                    "jobs.cli.job",
                    Set.of(
                            "jobs.cli.arguments",
                            "jobs.kafka",
                            "jobs.local",
                            "operators.format",
                            "operators.format.registry")),
            entry(
                    "jobs.cli.cluster",
                    Set.of(
                            "jobs.backfill",
                            "jobs.cli.arguments",
                            "jobs.cli.backfill",
                            "jobs.cluster",
                            "jobs.cluster.standing",
                            "operators.replica")),
            entry(
                    "jobs.cli.model",
                    Set.of(
                            "jobs.cli.arguments",
                            "jobs.names",
                            "model.cache",
                            "model.chat",
                            "model.decoder",
                            "model.generation",
                            "model.gguf",
                            "model.llama",
                            "model.sampling",
                            "model.tensor",
                            "model.tokenizer",
                            "operators.download",
                            "operators.download.http",
                            "operators.download.source",
                            "operators.fetch",
                            "operators.replica")),
            entry(
                    "jobs.cli",
                    Set.of(
                            "jobs.archive",
                            "jobs.archive.file",
                            "jobs.backfill",
                            "jobs.cli.backfill",
                            "jobs.bench",
                            "jobs.bench.backfill",
                            "jobs.bench.documents",
                            "jobs.bench.job",
                            "jobs.bench.speed",
                            "jobs.broker",
                            "jobs.chat",
                            "jobs.cli.arguments",
                            "jobs.cli.cluster",
                            "jobs.cli.job",
                            "jobs.cli.model",
                            "jobs.cluster",
                            "jobs.converse",
                            "jobs.demo",
                            "jobs.enrich",
                            "jobs.kafka",
                            "jobs.kafka.replay",
                            "jobs.local",
                            "jobs.names",
                            "model.cache",
                            "model.gguf",
                            "model.llama",
                            "model.tensor",
                            "model.tokenizer",
                            "operators.conversation",
                            "operators.converse",
                            "operators.converse.documents",
                            "operators.download.source",
                            "operators.enrich",
                            "operators.fetch",
                            "operators.format",
                            "operators.format.conversation",
                            "operators.format.registry",
                            "operators.replica",
                            "operators.task",
                            "schemas.v1"))));

    private PackageTable() {}

    private static Map<String, Set<String>> withBench(Map<String, Set<String>> others) {
        Map<String, Set<String>> all = new HashMap<>(others);
        all.putAll(BenchPackageTable.MAY_USE);
        return Map.copyOf(all);
    }
}
