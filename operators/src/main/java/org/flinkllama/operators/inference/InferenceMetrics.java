package org.flinkllama.operators.inference;

import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.MeterView;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.SimpleCounter;
import org.apache.flink.runtime.metrics.DescriptiveStatisticsHistogram;
import org.flinkllama.model.generation.Outcome;
import org.flinkllama.operators.inference.state.InquiryProgress;
import org.flinkllama.operators.replica.Replica;

/// What an operator tells of its work, in the words that Flink's model functions use.
final class InferenceMetrics {
    private static final int SAMPLES = 512;

    private final Counter requests;
    private final Counter successes;
    private final Counter failures;
    private final Counter rejected;
    private final Counter promptTokens;
    private final Counter completionTokens;
    private final Counter resumedTokens; // sampled before a restart, not sampled again
    private final Counter recomputedTokens; // read or sampled again because of a restart
    private final Counter sampled = new SimpleCounter();
    private final Histogram latency; // milliseconds from submission to outcome
    private final Histogram timeToFirstToken; // milliseconds from submission

    InferenceMetrics(MetricGroup group, Replica replica, IntSupplier pendingRecords) {
        requests = group.counter("inference_requests");
        successes = group.counter("inference_requests_success");
        failures = group.counter("inference_requests_failure");
        rejected = group.counter("rejectedRecords");
        promptTokens = group.counter("promptTokens");
        completionTokens = group.counter("completionTokens");
        resumedTokens = group.counter("resumedTokens");
        recomputedTokens = group.counter("recomputedTokens");
        group.meter("tokensPerSecond", new MeterView(sampled));
        latency = group.histogram("inference_latency", new DescriptiveStatisticsHistogram(SAMPLES));
        timeToFirstToken = group.histogram("timeToFirstToken", new DescriptiveStatisticsHistogram(SAMPLES));
        group.gauge("sequencesRunning", () -> replica.load().running());
        group.gauge("sequencesWaiting", () -> replica.load().waiting());
        group.gauge("kvPagesUsed", () -> replica.load().usedPages());
        group.gauge("kvPageCapacity", () -> replica.load().pageCapacity());
        group.gauge("prefixCacheHitTokens", () -> replica.load().sharedPositions());
        group.gauge("pendingRecords", pendingRecords::getAsInt);
    }

    void requested(InquiryProgress inquiry) {
        requests.inc();
        resumedTokens.inc(inquiry.isRetried() ? 0 : inquiry.knownTokens());
    }

    /// A scoring that had ended before a restart is not made again.
    void reused(InquiryProgress inquiry) {
        resumedTokens.inc(inquiry.inquiry().request().prompt().length);
    }

    /// A token was sampled that nobody had heard of.
    void sampled(InquiryProgress inquiry, long nanosecondsSinceSubmission) {
        sampled.inc();
        if (inquiry.sampledTokens() == inquiry.knownTokens() + 1) {
            timeToFirstToken.update(TimeUnit.NANOSECONDS.toMillis(nanosecondsSinceSubmission));
            if (inquiry.begunBefore()) {
                recomputedTokens.inc(inquiry.inquiry().request().prompt().length + inquiry.knownTokens());
            }
        }
    }

    void answered(InquiryProgress inquiry, Outcome outcome, long nanoseconds) {
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
                recomputedTokens.inc(inquiry.begunBefore() ? prompt : 0);
            }
            case Outcome.Failed _ -> failures.inc();
        }
    }

    void rejected() {
        rejected.inc();
    }
}
