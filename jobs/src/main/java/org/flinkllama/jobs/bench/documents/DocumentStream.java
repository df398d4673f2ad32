package org.flinkllama.jobs.bench.documents;

/// What goes through the job.
///
/// @param documents       documents that are timed
/// @param inFlight        documents that are computed beside each other
/// @param promptTokens    tokens of a prompt, roughly
/// @param sharedTokens    of these, tokens of the instruction in front, the same for all, roughly
/// @param generatedTokens tokens generated for a document at most
public record DocumentStream(int documents, int inFlight, int promptTokens, int sharedTokens, int generatedTokens) {
    public DocumentStream {
        require("documents", documents, 1);
        require("in-flight", inFlight, 1);
        require("prompt tokens", promptTokens, sharedTokens + 1);
        require("shared tokens", sharedTokens, 1);
        require("generated tokens", generatedTokens, 1);
    }

    /// Prompts of 200 tokens that share 60, and 40 tokens generated: a short document and a short summary.
    public static DocumentStream of(int documents, int inFlight) {
        return new DocumentStream(documents, inFlight, 200, 60, 40);
    }

    /// Documents that go before those that are timed.
    public int warmUpDocuments() {
        return 2 * inFlight;
    }

    private static void require(String option, int found, int least) {
        if (found < least) {
            throw new IllegalArgumentException(
                    "Option '" + option + "' is " + found + "; expected " + least + " or more.");
        }
    }
}
