package org.flinkllama.operators.format.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RegistryRequestsTest {
    private static final List<Duration> PAUSES = List.of(Duration.ofMillis(1), Duration.ofMillis(2));

    @Test
    void givesUpAfterItsAttempts() throws IOException {
        try (RegistryDouble registry = new RegistryDouble().inTrouble(500, 10)) {
            assertThatThrownBy(() -> requests(registry.url()).get("/schemas/ids/1"))
                    .isInstanceOf(RegistryException.class)
                    .hasMessageContaining("in 3 attempts (HTTP 500)")
                    .hasMessageContaining("Nothing is lost");
            assertThat(registry.requests()).hasSize(3);
        }
    }

    @Test
    void saysThatNobodyListens() throws IOException {
        int free;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }
        assertThatThrownBy(() -> requests("http://127.0.0.1:" + free).get("/subjects"))
                .isInstanceOf(RegistryException.class)
                .hasMessageContaining("in 3 attempts");
    }

    @Test
    void waitsNoLongerThanItMayForAServerThatSaysNothing() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> requests("http://127.0.0.1:" + silent.getLocalPort())
                            .get("/subjects"))
                    .isInstanceOf(RegistryException.class)
                    .hasMessageContaining("no answer within 0.2 s");
        }
    }

    private static RegistryRequests requests(String url) {
        return new RegistryRequests(RegistryAccess.to(url), Duration.ofMillis(200), PAUSES);
    }
}
