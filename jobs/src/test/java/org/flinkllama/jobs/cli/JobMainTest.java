package org.flinkllama.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

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
        assertThat(out.toString()).contains("enrich", "converse").doesNotContain("demo", "bench");
    }
}
