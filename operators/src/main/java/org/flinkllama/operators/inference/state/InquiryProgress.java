package org.flinkllama.operators.inference.state;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.flinkllama.model.generation.Outcome;
import org.flinkllama.model.generation.Request;
import org.flinkllama.operators.inference.plan.Inquiry;
import org.flinkllama.schemas.v1.Journal;
import org.flinkllama.schemas.v1.JournaledInquiry;
import org.flinkllama.schemas.v1.JournaledSequence;

/// What was heard of an inquiry, in this run of the task and before the restart that began it.
public final class InquiryProgress {
    private final Inquiry inquiry;
    private final ByteBuffer fingerprint;
    private final List<Sampled> sequences; // none of a scoring
    private final int knownTokens;
    private final boolean begunBefore;
    private List<double[]> scores = List.of();
    private int retries;

    private InquiryProgress(Inquiry inquiry, ByteBuffer fingerprint, List<Sampled> sequences, boolean begunBefore) {
        this.inquiry = inquiry;
        this.fingerprint = fingerprint;
        this.sequences = sequences;
        this.begunBefore = begunBefore;
        this.knownTokens =
                sequences.stream().mapToInt(sequence -> sequence.count).sum();
    }

    /// @param model   SHA-256 of the model's file
    /// @param journal what a checkpoint has of the work; counts only where it is of this request
    public static InquiryProgress of(Inquiry inquiry, String model, Optional<Journal> journal) {
        Optional<JournaledInquiry> journaled = journal.flatMap(known -> known.getInquiries().stream()
                .filter(entry -> entry.getId().equals(inquiry.id()))
                .findFirst());
        ByteBuffer fingerprint = RequestFingerprint.of(model, inquiry.request());
        List<Sampled> sequences = new ArrayList<>();
        if (inquiry.request() instanceof Request.Generate generate) {
            for (int sequence = 0; sequence < generate.sequences(); sequence++) {
                sequences.add(new Sampled());
            }
        }
        Optional<JournaledInquiry> same =
                journaled.filter(entry -> entry.getFingerprint().equals(fingerprint));
        same.ifPresent(entry -> {
            for (int sequence = 0; sequence < entry.getSequences().size(); sequence++) {
                sequences.get(sequence).add(entry.getSequences().get(sequence));
            }
        });
        InquiryProgress progress = new InquiryProgress(inquiry, fingerprint, sequences, journaled.isPresent());
        progress.scores = same.map(JournaledInquiry::getScores).orElse(List.of()).stream()
                .map(tokens -> tokens.stream().mapToDouble(Double::doubleValue).toArray())
                .toList();
        return progress;
    }

    /// Tokens of one sequence. The first `told` of them were handed to the work; of those that the replica tells,
    /// `heard` have come since the request was made last.
    private static final class Sampled {
        private int[] tokens = new int[16];
        private float[] logProbabilities = new float[16];
        private int count;
        private int heard;
        private int told;

        private void add(JournaledSequence sequence) {
            for (int token = 0; token < sequence.getTokens().size(); token++) {
                add(
                        sequence.getTokens().get(token),
                        sequence.getLogProbabilities().get(token));
            }
        }

        private void add(int token, float logProbability) {
            if (count == tokens.length) {
                tokens = Arrays.copyOf(tokens, 2 * count);
                logProbabilities = Arrays.copyOf(logProbabilities, 2 * count);
            }
            tokens[count] = token;
            logProbabilities[count++] = logProbability;
        }

        private Request.Sampled asRequest() {
            return new Request.Sampled(Arrays.copyOf(tokens, count), Arrays.copyOf(logProbabilities, count));
        }

        private JournaledSequence asJournal() {
            List<Float> logarithms = new ArrayList<>(count);
            for (int token = 0; token < count; token++) {
                logarithms.add(logProbabilities[token]);
            }
            return new JournaledSequence(Arrays.stream(tokens, 0, count).boxed().toList(), logarithms);
        }
    }

    public Inquiry inquiry() {
        return inquiry;
    }

    /// The request, to be made from where it stands.
    public Request request() {
        if (!(inquiry.request() instanceof Request.Generate generate)) {
            return inquiry.request();
        }
        sequences.forEach(sequence -> sequence.heard = 0);
        return generate.resumedFrom(sequences.stream().map(Sampled::asRequest).toList());
    }

    /// The outcome, where it needs no replica.
    public Optional<Outcome> known() {
        return scores.isEmpty()
                ? Optional.empty()
                : Optional.of(new Outcome.Scored(scores, inquiry.request().prompt().length));
    }

    /// Tokens that a checkpoint had of this request.
    public int knownTokens() {
        return knownTokens;
    }

    /// Whether a checkpoint had the inquiry, with this request or another.
    public boolean begunBefore() {
        return begunBefore;
    }

    /// Takes a token in that the replica tells.
    ///
    /// @return whether the work has not heard it yet
    public boolean generated(int sequence, int token, float logProbability) {
        Sampled sampled = sequences.get(sequence);
        if (sampled.heard++ == sampled.count) {
            sampled.add(token, logProbability);
        }
        boolean isNew = sampled.heard > sampled.told;
        sampled.told = Math.max(sampled.told, sampled.heard);
        return isNew;
    }

    /// Takes the outcome in.
    public void ended(Outcome outcome) {
        if (outcome instanceof Outcome.Scored(List<double[]> logProbabilities, int _)) {
            scores = logProbabilities;
        }
    }

    /// Counts one more try.
    ///
    /// @return how often it was tried again
    public int retry() {
        return ++retries;
    }

    public boolean isRetried() {
        return retries > 0;
    }

    /// Tokens sampled so far.
    public int sampledTokens() {
        return sequences.stream().mapToInt(sequence -> sequence.count).sum();
    }

    JournaledInquiry journal() {
        return new JournaledInquiry(
                inquiry.id(),
                fingerprint,
                sequences.stream().map(Sampled::asJournal).toList(),
                scores.stream()
                        .map(tokens -> Arrays.stream(tokens).boxed().toList())
                        .toList());
    }
}
