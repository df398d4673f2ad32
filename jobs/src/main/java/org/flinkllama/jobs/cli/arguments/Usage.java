package org.flinkllama.jobs.cli.arguments;

import java.util.function.Supplier;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/// Turns values that an option's type refuses into a mistake of whoever typed them.
public final class Usage {
    private Usage() {}

    /// The value, or a mistake in the use of `command` with the refusal's own sentence.
    public static <T> T checked(CommandSpec command, Supplier<T> value) {
        try {
            return value.get();
        } catch (IllegalArgumentException refused) {
            throw new ParameterException(command.commandLine(), refused.getMessage(), refused);
        }
    }

    /// A mistake in the use of `command`.
    public static ParameterException mistake(CommandSpec command, String sentence) {
        return new ParameterException(command.commandLine(), sentence);
    }
}
