package org.flinkllama.operators.task;

import java.util.Arrays;
import java.util.List;
import org.flinkllama.model.generation.Outcome;
import org.flinkllama.model.generation.Request;
import org.flinkllama.operators.reject.RecordRejectedException;
import org.flinkllama.operators.reject.Rejection;
import org.flinkllama.operators.task.method.Step;
import org.flinkllama.schemas.v1.Stage;

/// One task on its way from step to step: gathers the outcomes of a round and counts tokens.
final class TaskRun<R> {
    private final String name;
    private Step<R> step;
    private int round = -1; // from 0, one for each step that asks
    private Outcome[] outcomes; // of the present round, null where one is awaited
    private Rejection rejection; // null unless the task failed
    private int promptTokens;
    private int completionTokens;

    /// @param name of the task, as provenance has it
    TaskRun(String name, Step<R> first) {
        this.name = name;
        enter(first);
    }

    String name() {
        return name;
    }

    int promptTokens() {
        return promptTokens;
    }

    int completionTokens() {
        return completionTokens;
    }

    /// Why the task failed; null where it has not.
    Rejection rejection() {
        return rejection;
    }

    boolean ended() {
        return rejection != null || step instanceof Step.Done<R>;
    }

    /// Result and finish reason of a task that ended well.
    Step.Done<R> done() {
        return (Step.Done<R>) step;
    }

    /// Names a request of the present round: the same for the same document, whenever it is asked.
    String id(int index) {
        return name + "/" + round + "/" + index;
    }

    /// Requests of the present round; none where the task has ended.
    List<Request> requests() {
        return step instanceof Step.Ask<R>(List<Request> requests, Step.Next<R> _) ? requests : List.of();
    }

    /// Takes the outcome of a request in.
    ///
    /// @return true where this ended the round: there are new requests, or the task has ended
    boolean outcome(int index, Outcome outcome) {
        count(outcome);
        outcomes[index] = outcome;
        if (Arrays.stream(outcomes).anyMatch(awaited -> awaited == null)) {
            return false;
        }
        List<Outcome> round = List.of(outcomes);
        for (Outcome ended : round) {
            if (ended instanceof Outcome.Failed(String reason)) {
                fail(reason);
                return true;
            }
        }
        try {
            enter(((Step.Ask<R>) step).next().read(round));
        } catch (RecordRejectedException e) {
            reject(e.rejection());
        }
        return true;
    }

    private void enter(Step<R> next) {
        step = next;
        switch (next) {
            case Step.Ask<R>(List<Request> requests, Step.Next<R> _) -> {
                round++;
                outcomes = new Outcome[requests.size()];
            }
            case Step.Done<R> _ -> outcomes = new Outcome[0];
            case Step.Failed<R>(String reason) -> fail(reason);
        }
    }

    private void fail(String reason) {
        reject(Rejection.by(DocumentEnrichment.class, Stage.INFERENCE, "Task '" + name + "' failed: " + reason));
    }

    private void reject(Rejection reason) {
        rejection = reason;
        step = new Step.Failed<>(reason.message());
        outcomes = new Outcome[0];
    }

    private void count(Outcome outcome) {
        switch (outcome) {
            case Outcome.Generated(List<Outcome.Completion> completions, int prompt) -> {
                promptTokens += prompt;
                for (Outcome.Completion completion : completions) {
                    completionTokens += completion.tokens().length;
                }
            }
            case Outcome.Scored(List<double[]> logProbabilities, int prompt) -> {
                promptTokens += prompt;
                for (double[] continuation : logProbabilities) {
                    completionTokens += continuation.length;
                }
            }
            case Outcome.Failed _ -> {}
        }
    }
}
