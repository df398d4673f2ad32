package org.flinkllama.jobs.bench.backfill;

import org.flinkllama.jobs.bench.speed.Workload.Work;

/// Documents that went through, and the time that it took.
record Passage(long documents, long promptTokens, long generatedTokens, long nanos) {
    static final Passage NONE = new Passage(0, 0, 0, 0);

    Passage withDocument(long prompt, long generated) {
        return new Passage(documents + 1, promptTokens + prompt, generatedTokens + generated, nanos);
    }

    Passage in(long time) {
        return new Passage(documents, promptTokens, generatedTokens, time);
    }

    Work work() {
        return new Work(promptTokens + generatedTokens, nanos);
    }
}
