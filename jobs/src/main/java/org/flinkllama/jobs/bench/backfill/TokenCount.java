package org.flinkllama.jobs.bench.backfill;

/// Documents that were enriched, and the tokens that they took.
record TokenCount(long documents, long prompt, long generated) {
    static final TokenCount NONE = new TokenCount(0, 0, 0);

    TokenCount withDocument(long promptTokens, long generatedTokens) {
        return new TokenCount(documents + 1, prompt + promptTokens, generated + generatedTokens);
    }

    long all() {
        return prompt + generated;
    }
}
