package org.flinkllama.jobs.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import org.junit.jupiter.api.Test;

final class FlinkRestTest {
    @Test
    void saysWhereATraceBegan() {
        assertThat(FlinkRest.rootOf("java.lang.Exception: outer\n\tat a.B.c(B.java:1)\nCaused by: a.b.MyException:"
                        + " Topic 'x' does not exist.\nCreate it.\n\tat a.B.d(B.java:2)\n\t... 3 more\n"))
                .isEqualTo("Topic 'x' does not exist.\nCreate it.");
    }

    @Test
    void saysWhatIsNoTraceAsItIs() {
        assertThat(FlinkRest.rootOf("Jar file x.jar does not exist.")).isEqualTo("Jar file x.jar does not exist.");
    }

    @Test
    void findsTheReasonBehindTheFirstErrorOfARefusal() throws IOException {
        assertThat(FlinkRest.reason(new ObjectMapper()
                        .readTree("{\"errors\": [\"Internal server error.\", \"a.E: no\\n\\tat a.B.c(B.java:1)\"]}")))
                .isEqualTo("no");
    }
}
