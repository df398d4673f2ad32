package org.flinkllama.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CommandLineTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path folder;

    @Test
    void printsAllCommandsWhereNoneIsGiven() {
        assertThat(run()).isZero();
        assertThat(out.toString())
                .contains(
                        "demo",
                        "enrich",
                        "converse",
                        "chat",
                        "backfill",
                        "replay",
                        "generate",
                        "model",
                        "bench",
                        "test",
                        "Exit codes:");
        assertThat(err.toString()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "demo",
                "enrich",
                "backfill",
                "converse",
                "chat",
                "replay",
                "generate",
                "model",
                "model pull",
                "model list",
                "model inspect",
                "model tokenize",
                "model logits",
                "bench",
                "cluster",
                "cluster up",
                "cluster submit",
                "cluster status",
                "cluster stop",
                "cluster down"
            })
    void explainsEveryCommand(String command) {
        assertThat(run((command + " --help").split(" "))).isZero();
        assertThat(out.toString()).contains("Usage: flink-llama " + command, "Exit codes:", "--verbose");
    }

    @Test
    void printsTheVersionThatWasBuilt() {
        assertThat(run("--version")).isZero();
        assertThat(out.toString()).containsPattern("Flink Llama \\d+\\.\\d+");
    }

    @ParameterizedTest
    @CsvSource({
        "dmeo, Unknown command 'dmeo'. Did you mean 'demo'?",
        "model inspekt, Unknown command 'inspekt'. Did you mean 'inspect'?",
        "demo --keep-runing, Unknown option '--keep-runing'. Did you mean '--keep-running'?",
        "generate --promt=x, Unknown option '--promt=x'. Did you mean '--prompt'?",
        "enrich --bootstrap-server=x, Unknown option '--bootstrap-server'. Did you mean '--bootstrap-servers'?",
        "enrich --input x, Missing required options",
        "generate --prompt x --temperature=-1, Option 'temperature' is -1.0; expected 0 to 100.",
        "generate --prompt x --top-p=2, Option 'top-p' is 2.0",
        "generate --prompt x --threads=-2, Option 'threads' is -2; expected 1 or more.",
        "generate --prompt x --max-tokens=many, 'many' is not an int",
        "model logits --token-ids=1 --output=x --positions=some, --positions",
        "demo --tasks=sumary, --tasks",
        "demo --max-sequences=0, Option 'max-sequences' is 0; expected 1 to 1024",
        "demo --cache-type=f8, 'Option ''cache-type'' is ''f8''; expected one of [f32, f16].'",
        "demo --cache-tokens=-1, Option 'cache-tokens' is -1; expected 0 or more",
        "replay -b x:1 --dead-letters d --stage inferense, Did you mean 'inference'?",
        "replay -b x:1 --dead-letters d --max-replays 0, Option 'max-replays' is 0; expected 1 or more.",
        "model pull llama-3.2-1b-instuct, Did you mean 'llama-3.2-1b-instruct'?",
        "model pull https://h/x.gguf --token-env=NO_SUCH_TOKEN, 'NO_SUCH_TOKEN' of --token-env is not set",
        "test, ./flink-llama"
    })
    void saysWhatIsWrongInTheUseAndEndsWithTwo(String command, String sentence) {
        assertThat(run(command.split(" "))).isEqualTo(2);
        assertThat(err.toString()).contains(sentence).contains("--help'").doesNotContain("\tat ");
        assertThat(err.toString().lines()).hasSizeLessThanOrEqualTo(3);
        assertThat(out.toString()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "--max-in-flight=-1, Option 'max-in-flight' is -1; expected 1 or more records",
        "--output-mode=SORTED, 'expected one of [ALLOW_UNORDERED, ORDERED] (case-insensitive) but was ''SORTED'''",
        "--timeout=10, '''10'' is no time; expected a number and ms, s, min or h, as in 10s'",
        "--error-handling-strategy=ignore, '''ignore'' is no strategy; expected dead-letter, retry or fail'",
        "--retry-num=-1, Option 'retry-num' is -1; expected 0 or more",
        "--max-attempts=0, Option 'max-attempts' is 0; expected 1 or more"
    })
    void refusesTheSameWaysToTreatRecordsInBothJobs(String option, String sentence) {
        for (String job : List.of("enrich", "converse")) {
            assertThat(run(job, "-b=x:1", "--input=a", "--output=b", "--dead-letters=c", option))
                    .isEqualTo(2);
            assertThat(err.toString()).contains("flink-llama " + job + ": ").contains(sentence);
            err.getBuffer().setLength(0);
        }
    }

    @Test
    void refusesACheckpointIntervalWithoutUnit() {
        assertThat(run("enrich", "-b=x:1", "--input=a", "--output=b", "--dead-letters=c", "--checkpoint-interval=10"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("'10' is no time; expected a number and ms, s, min or h, as in 10s");
    }

    @Test
    void namesAFileThatDoesNotExistAndEndsWithOne() {
        assertThat(run("model", "inspect", "no-such.gguf")).isEqualTo(1);
        assertThat(err.toString())
                .contains("The file 'no-such.gguf' does not exist")
                .doesNotContain("\tat ");
    }

    @Test
    void saysInASentenceThatAFileIsNoModel() throws Exception {
        Path file = Files.writeString(folder.resolve("letter.gguf"), "Dear reader, this is no model at all.");
        assertThat(run("generate", "--prompt=x", "--model=" + file)).isEqualTo(1);
        assertThat(err.toString()).contains("letter.gguf").doesNotContain("\tat ");
        assertThat(err.toString().lines()).hasSize(1);
    }

    @Test
    void listsKnownModelsWithTheirNeeds() {
        assertThat(run("model", "list")).isZero();
        assertThat(out.toString())
                .contains("llama-3.2-1b-instruct", "1.32 GB", "2.9 GB", "131,072", "Llama 3.2 Community", "Apache-2.0");
    }

    @Test
    void saysInASentenceThatAnAddressIsNone() {
        assertThat(run("model", "pull", "ftp://host/x.gguf")).isEqualTo(1);
        assertThat(err.toString()).contains("expected https://HOST/PATH").doesNotContain("\tat ");
    }

    @Test
    void printsATraceWhereItIsAskedFor() {
        assertThat(run("model", "inspect", "no-such.gguf", "--verbose")).isEqualTo(1);
        assertThat(err.toString()).contains("\tat ");
    }

    @Test
    void saysFastThatNoBrokerAnswers() {
        assertThat(run("enrich", "-b=127.0.0.1:1", "--input=a", "--output=b", "--dead-letters=c"))
                .isEqualTo(1);
        assertThat(err.toString()).contains("No Kafka broker answers at 127.0.0.1:1");
    }

    private int run(String... arguments) {
        return Main.commandLine(new PrintWriter(out, true), new PrintWriter(err, true))
                .execute(arguments);
    }
}
