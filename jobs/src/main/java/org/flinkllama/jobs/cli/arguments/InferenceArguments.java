package org.flinkllama.jobs.cli.arguments;

import java.time.Duration;
import java.util.Locale;
import org.flinkllama.operators.inference.plan.ErrorHandling;
import org.flinkllama.operators.inference.plan.ErrorHandling.Strategy;
import org.flinkllama.operators.inference.plan.InferenceOptions;
import org.flinkllama.operators.inference.plan.OutputMode;
import org.flinkllama.operators.replica.ReplicaSource;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/// How an operator treats its records. Changes their order and which of them are given up, never a result.
public final class InferenceArguments {
    private static final int TWICE_THE_SEQUENCES = 0;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--max-in-flight",
            paramLabel = "N",
            description = "Records worked on at once; further ones wait in state. Default: twice --max-sequences.")
    private int maxInFlight = TWICE_THE_SEQUENCES;

    @Option(
            names = "--output-mode",
            paramLabel = "MODE",
            defaultValue = "ALLOW_UNORDERED",
            description = "Order of the outputs: ALLOW_UNORDERED sends each on when it is ready, ORDERED in the order"
                    + " of the records. Those of one document id or conversation keep theirs in both. Default:"
                    + " ${DEFAULT-VALUE}.")
    private OutputMode outputMode;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            defaultValue = "10min",
            converter = TimeConverter.class,
            description = "A record that is worked on for longer is given up, as a dead letter; 0s never gives up."
                    + " Default: ${DEFAULT-VALUE}.")
    private Duration timeout;

    @Option(
            names = "--error-handling-strategy",
            paramLabel = "STRATEGY",
            defaultValue = "dead-letter",
            converter = StrategyConverter.class,
            description = "What becomes of a record whose inference fails: dead-letter, retry (then dead-letter), or"
                    + " fail (the job with it). Default: ${DEFAULT-VALUE}.")
    private Strategy strategy;

    @Option(
            names = "--retry-num",
            paramLabel = "N",
            defaultValue = "3",
            description = "With retry: how often an inference is tried again. Default: ${DEFAULT-VALUE}.")
    private int retries;

    @Option(
            names = "--max-attempts",
            paramLabel = "N",
            defaultValue = "3",
            description = "A record on which the task crashed this often, with nothing else at work, is given up."
                    + " Default: ${DEFAULT-VALUE}.")
    private int maxAttempts;

    /// The options for an operator on this replica.
    public InferenceOptions options(ReplicaSource replica) {
        int records = maxInFlight == TWICE_THE_SEQUENCES ? 2 * replica.maxSequences() : maxInFlight;
        return Usage.checked(
                command,
                () -> new InferenceOptions(
                        records, outputMode, timeout, new ErrorHandling(strategy, retries), maxAttempts));
    }

    /// A strategy as it is written on the command line.
    static final class StrategyConverter implements ITypeConverter<Strategy> {
        @Override
        public Strategy convert(String value) {
            for (Strategy strategy : Strategy.values()) {
                if (strategy.name().toLowerCase(Locale.ROOT).replace('_', '-').equals(value)) {
                    return strategy;
                }
            }
            throw new TypeConversionException("'" + value + "' is no strategy; expected dead-letter, retry or fail");
        }
    }
}
