package org.flinkllama.jobs.cli.model;

import java.io.PrintWriter;
import java.util.List;
import org.flinkllama.model.generation.Outcome;
import org.flinkllama.model.generation.RequestListener;

/// Prints one text as it grows, several when all are done.
final class GenerationScreen implements RequestListener {
    private final PrintWriter out;
    private final int sequences;
    private final boolean dropsFirstSpace;
    private final long begin = System.nanoTime();
    private long firstToken;
    private long lastToken;
    private boolean begun;
    private Outcome outcome = new Outcome.Failed("The generation did not end.");

    /// @param dropsFirstSpace whether a space in front of a text is the tokenizer's and not the model's
    GenerationScreen(PrintWriter out, int sequences, boolean dropsFirstSpace) {
        this.out = out;
        this.sequences = sequences;
        this.dropsFirstSpace = dropsFirstSpace;
    }

    @Override
    public void generated(int sequence, int token, float logProbability, String text) {
        lastToken = System.nanoTime();
        firstToken = firstToken == 0 ? lastToken : firstToken;
        if (sequences == 1) {
            out.print(begun ? text : beginning(text));
            out.flush();
            begun |= !text.isEmpty();
        }
    }

    private String beginning(String text) {
        return dropsFirstSpace && text.startsWith(" ") ? text.substring(1) : text;
    }

    @Override
    public void ended(Outcome outcome) {
        this.outcome = outcome;
    }

    /// Prints what is left to print, and to `err` how long it took.
    void finish(PrintWriter err) {
        switch (outcome) {
            case Outcome.Failed(String reason) -> throw new InferenceException(reason);
            case Outcome.Scored scored ->
                throw new InferenceException("The engine scored "
                        + scored.logProbabilities().size() + " continuations where text was asked for.");
            case Outcome.Generated(List<Outcome.Completion> completions, int promptTokens) -> {
                if (sequences == 1) {
                    out.println();
                } else {
                    print(completions);
                }
                out.flush();
                report(completions, promptTokens, err);
            }
        }
    }

    private void print(List<Outcome.Completion> completions) {
        for (int sequence = 0; sequence < completions.size(); sequence++) {
            out.println("--- " + (sequence + 1) + " of " + completions.size() + " ---");
            out.println(beginning(completions.get(sequence).text()));
        }
    }

    private void report(List<Outcome.Completion> completions, int promptTokens, PrintWriter err) {
        int generated = completions.stream()
                .mapToInt(completion -> completion.tokens().length)
                .sum();
        double untilFirst = (firstToken == 0 ? System.nanoTime() - begin : firstToken - begin) / 1e9;
        // The first token of each sequence comes with the prompt; the speed is that of the others.
        int timed = Math.max(0, generated - completions.size());
        double speed = timed == 0 ? 0 : timed / Math.max(1e-9, (lastToken - firstToken) / 1e9);
        err.printf(
                "%n[%d prompt tokens, first token after %.2f s; %d tokens generated, %.1f tokens/s; ended by %s]%n",
                promptTokens,
                untilFirst,
                generated,
                speed,
                completions.stream()
                        .map(completion -> completion.finishReason().name().toLowerCase(java.util.Locale.ROOT))
                        .distinct()
                        .toList());
        err.flush();
    }
}
