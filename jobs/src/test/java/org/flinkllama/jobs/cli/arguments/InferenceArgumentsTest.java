package org.flinkllama.jobs.cli.arguments;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.flinkllama.operators.inference.plan.ErrorHandling;
import org.flinkllama.operators.inference.plan.InferenceOptions;
import org.flinkllama.operators.inference.plan.OutputMode;
import org.flinkllama.operators.replica.ReplicaOptions;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

final class InferenceArgumentsTest {
    private static final ReplicaOptions REPLICA =
            ReplicaOptions.of(Path.of("model.gguf")).withMaxSequences(6);

    /// Any command that has these options.
    @Command
    static final class AnyCommand {
        @Mixin
        private InferenceArguments inference;
    }

    @Test
    void worksOnTwiceAsManyRecordsAsAReplicaHasSequencesWhereNothingIsSaid() {
        assertThat(options())
                .isEqualTo(InferenceOptions.of(12)
                        .withErrorHandling(new ErrorHandling(ErrorHandling.Strategy.DEAD_LETTER, 3)));
    }

    @Test
    void takesEveryOptionAsItIsWritten() {
        assertThat(options(
                        "--max-in-flight=5",
                        "--output-mode=ORDERED",
                        "--timeout=90s",
                        "--error-handling-strategy=retry",
                        "--retry-num=7",
                        "--max-attempts=2"))
                .isEqualTo(new InferenceOptions(
                        5,
                        OutputMode.ORDERED,
                        Duration.ofSeconds(90),
                        new ErrorHandling(ErrorHandling.Strategy.RETRY, 7),
                        2));
    }

    private static InferenceOptions options(String... arguments) {
        AnyCommand command = new AnyCommand();
        new CommandLine(command).parseArgs(arguments);
        return command.inference.options(REPLICA);
    }
}
