package org.flinkllama.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Commands in this process, as they are typed.
public final class Commands {
    private Commands() {}

    /// What a command printed, and its exit code.
    public record Said(int code, String said) {
        /// What the pattern's first group found.
        public String find(String pattern) {
            Matcher matcher = Pattern.compile(pattern).matcher(said);
            assertThat(matcher.find()).as(said).isTrue();
            return matcher.group(1);
        }

        /// The same, of a command that did what it was asked for.
        public Said done() {
            assertThat(code).as(said).isZero();
            return this;
        }
    }

    public static Said run(String... words) {
        StringWriter said = new StringWriter();
        PrintWriter writer = new PrintWriter(said, true);
        int code = Main.commandLine(writer, writer).execute(words);
        return new Said(code, said.toString());
    }
}
