package org.flinkllama.jobs.cli.arguments;

import org.flinkllama.model.cache.CacheType;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// How keys and values are stored.
public final class CacheArguments {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--cache-type",
            paramLabel = "TYPE",
            defaultValue = "f32",
            description = "How keys and values are stored: f32 or f16, which takes half the memory and changes results"
                    + " slightly. Default: ${DEFAULT-VALUE}.")
    private String type;

    /// The type that was chosen.
    public CacheType type() {
        return Usage.checked(command, () -> CacheType.named(type));
    }
}
