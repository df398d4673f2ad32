package org.flinkllama.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.assertj.core.api.AbstractThrowableAssert;
import org.flinkllama.jobs.archive.output.OutputClaims;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

final class JobMainTest {
    @Test
    void throwsWhatTheCommandLineWouldSay() {
        assertThatThrownBy(() -> JobMain.main(new String[] {"enrich", "--inptu=documents"}))
                .isInstanceOf(JobNotStartedException.class)
                .hasMessageContaining("Unknown option '--inptu'. Did you mean '--input'?");
    }

    @Test
    void takesOptionsAloneForThoseOfEnrich() {
        assertThatThrownBy(() -> JobMain.main(new String[] {"--input=documents"}))
                .isInstanceOf(JobNotStartedException.class)
                .hasMessageContaining("flink-llama-job.jar enrich: ")
                .hasMessageContaining("--output");
    }

    @Test
    void saysWhatIsWrongWithAValueBeforeItReachesForKafka() {
        assertThatThrownBy(() -> JobMain.main(new String[] {
                    "converse",
                    "--bootstrap-servers=127.0.0.1:1",
                    "--input=turns",
                    "--output=replies",
                    "--dead-letters=refused",
                    "--parallelism=0"
                }))
                .isInstanceOf(JobNotStartedException.class)
                .hasMessageContaining("Option 'parallelism' is 0; expected 1 or more.");
    }

    @Test
    void startsJobsAndNothingElse() {
        StringWriter out = new StringWriter();
        int code = JobMain.commandLine(new PrintWriter(out, true), new PrintWriter(new StringWriter()))
                .execute("--help");
        assertThat(code).isZero();
        assertThat(out.toString()).contains("enrich", "converse", "backfill").doesNotContain("demo", "bench");
    }

    @Test
    void takesEveryOptionOfTheCommandLine() {
        CommandSpec here = options(Main.commandLine(new PrintWriter(System.out), new PrintWriter(System.err)));
        CommandSpec there = options(JobMain.commandLine(new PrintWriter(System.out), new PrintWriter(System.err)));
        assertThat(there.optionsMap().keySet()).isEqualTo(here.optionsMap().keySet());
    }

    private static CommandSpec options(CommandLine commands) {
        return commands.getSubcommands().get("backfill").getCommandSpec();
    }

    @Test
    void refusesWhatABackfillOnAClusterHasNoUseFor(@TempDir Path folder) throws IOException {
        Path input = Files.writeString(folder.resolve("a.jsonl"), "{\"id\":\"a\",\"text\":\"b\"}\n");
        String[] usual = {"backfill", "--input=" + input, "--output=" + folder.resolve("out")};
        refuses(usual, "--restart").hasMessageContaining("on a cluster give another --output");
        refuses(usual, "--work-dir=x").hasMessageContaining("'execution.checkpointing.dir'");
        refuses(usual, "--input=" + folder.resolve("none")).hasMessageContaining("does not exist; check the path.");
        Files.writeString(folder.resolve("a.jsonl"), "");
        refuses(usual, "--quiet").hasMessageContaining("The input is empty: there is nothing to enrich.");
    }

    @Test
    void beginsNoBackfillInAFolderWhereAnotherHasWritten(@TempDir Path folder) throws IOException {
        Path input = Files.writeString(folder.resolve("a.jsonl"), "{\"id\":\"a\",\"text\":\"b\"}\n");
        Path output = Files.createDirectory(folder.resolve("out"));
        String[] usual = {"backfill", "--input=" + input, "--output=" + output};
        Files.writeString(output.resolve("letter.txt"), "mine");
        refuses(usual, "--quiet").hasMessageContaining("is not empty: it has 'letter.txt'");
        Files.delete(output.resolve("letter.txt"));
        new OutputClaims(output.toString()).begin("1");
        refuses(usual, "--quiet").hasMessageContaining("is that of job 1;").hasMessageContaining("--restore");
    }

    private static AbstractThrowableAssert<?, ?> refuses(String[] usual, String more) {
        String[] words = Stream.concat(Stream.of(usual), Stream.of(more)).toArray(String[]::new);
        return assertThatThrownBy(() -> JobMain.main(words)).isInstanceOf(JobNotStartedException.class);
    }
}
