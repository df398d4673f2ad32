package org.flinkllama.operators.inference;

import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.metrics.DescriptiveStatisticsHistogram;
import org.flinkllama.model.generation.Outcome;
import org.flinkllama.operators.replica.Replica;

/// What an operator tells of its work, in the words that Flink's model functions use.
final class InferenceMetrics {
    private static final int LATENCY_SAMPLES = 512;

    private final Counter requests;
    private final Counter successes;
    private final Counter failures;
    private final Counter rejected;
    private final Counter promptTokens;
    private final Counter completionTokens;
    private final Histogram latency; // milliseconds from submission to outcome

    InferenceMetrics(MetricGroup group, Replica replica, IntSupplier pendingRecords) {
        requests = group.counter("inference_requests");
        successes = group.counter("inference_requests_success");
        failures = group.counter("inference_requests_failure");
        rejected = group.counter("recordsRejected");
        promptTokens = group.counter("promptTokens");
        completionTokens = group.counter("completionTokens");
        latency = group.histogram("inference_latency", new DescriptiveStatisticsHistogram(LATENCY_SAMPLES));
        group.gauge("sequencesRunning", replica::running);
        group.gauge("sequencesWaiting", replica::waiting);
        group.gauge("pendingRecords", pendingRecords::getAsInt);
    }

    void requested() {
        requests.inc();
    }

    void answered(Outcome outcome, long nanoseconds) {
        latency.update(TimeUnit.NANOSECONDS.toMillis(nanoseconds));
        switch (outcome) {
            case Outcome.Generated(var completions, int prompt) -> {
                successes.inc();
                promptTokens.inc(prompt);
                completions.forEach(completion -> completionTokens.inc(completion.tokens().length));
            }
            case Outcome.Scored(var logProbabilities, int prompt) -> {
                successes.inc();
                promptTokens.inc(prompt);
                logProbabilities.forEach(continuation -> completionTokens.inc(continuation.length));
            }
            case Outcome.Failed _ -> failures.inc();
        }
    }

    void rejected() {
        rejected.inc();
    }
}
