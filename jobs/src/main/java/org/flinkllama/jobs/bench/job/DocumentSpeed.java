package org.flinkllama.jobs.bench.job;

/// How fast documents went through the job, all in flight together.
///
/// @param inFlight        documents that were computed beside each other
/// @param documents       documents that were timed
/// @param promptTokens    tokens of a prompt, on average
/// @param sharedTokens    of these, tokens in front that all prompts share
/// @param generatedTokens tokens generated for a document, on average; fewer than asked for where the model ends
/// @param tokensPerSecond tokens of prompts, shared ones included, and generated tokens
public record DocumentSpeed(
        int threads,
        int inFlight,
        long documents,
        double promptTokens,
        int sharedTokens,
        double generatedTokens,
        double documentsPerSecond,
        double tokensPerSecond) {}
