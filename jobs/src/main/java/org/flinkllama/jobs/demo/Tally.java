package org.flinkllama.jobs.demo;

/// What has come out of the demo's job so far.
///
/// @param expected         records put on the input topic
/// @param enriched         enrichments seen
/// @param refused          dead letters seen
/// @param promptTokens     tokens read, by the enrichments' own account
/// @param completionTokens tokens generated or scored, by the enrichments' own account
record Tally(int expected, int enriched, int refused, long promptTokens, long completionTokens) {
    static Tally expecting(int records) {
        return new Tally(records, 0, 0, 0, 0);
    }

    Tally withEnrichment(int promptTokens, int completionTokens) {
        return new Tally(
                expected,
                enriched + 1,
                refused,
                this.promptTokens + promptTokens,
                this.completionTokens + completionTokens);
    }

    Tally withDeadLetter() {
        return new Tally(expected, enriched, refused + 1, promptTokens, completionTokens);
    }

    /// Records that have come out neither way.
    int missing() {
        return Math.max(0, expected - enriched - refused);
    }
}
