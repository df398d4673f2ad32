package org.flinkllama.jobs.cli.arguments;

import org.flinkllama.model.sampling.SamplingOptions;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// How tokens are drawn.
public final class SamplingArguments {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--temperature",
            paramLabel = "T",
            defaultValue = "0",
            description = "0 always takes the most likely token; higher is more varied. 0 to 100, default 0.")
    private float temperature;

    @Option(
            names = "--top-k",
            paramLabel = "N",
            defaultValue = "0",
            description = "Draw from the N most likely tokens. 0 keeps all, the default.")
    private int topK;

    @Option(
            names = "--top-p",
            paramLabel = "P",
            defaultValue = "1",
            description = "Draw from the most likely tokens that reach this probability together."
                    + " Above 0 to 1; 1 keeps all, the default.")
    private float topP;

    @Option(
            names = "--min-p",
            paramLabel = "P",
            defaultValue = "0",
            description = "Leave out tokens below this share of the most likely one's probability."
                    + " 0 to below 1; 0 keeps all, the default.")
    private float minP;

    @Option(
            names = "--repetition-penalty",
            paramLabel = "R",
            defaultValue = "1",
            description = "Above 1 makes tokens that were seen less likely. Above 0 to 100; 1 changes nothing, the"
                    + " default.")
    private float repetitionPenalty;

    @Option(
            names = "--seed",
            paramLabel = "S",
            defaultValue = "0",
            description = "Decides every draw: the same seed gives the same text. Default 0.")
    private long seed;

    public SamplingOptions options() {
        return Usage.checked(
                command, () -> new SamplingOptions(temperature, topK, topP, minP, repetitionPenalty, seed));
    }
}
