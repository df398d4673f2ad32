package org.flinkllama.jobs.cluster.standing;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MemberTest {
    @TempDir
    private Path folder;

    @Test
    void endsTheProcessThatItIs() throws Exception {
        Process process = new ProcessBuilder("sleep", "600").start();
        try {
            Member member = Member.of("sleeper", process.pid());
            assertThat(member.alive()).isTrue();
            member.askToStop();
            member.awaitEnd(Duration.ofSeconds(20));
            assertThat(member.alive()).isFalse();
            assertThat(process.waitFor()).isNotZero();
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void leavesALaterProcessOfItsNumberAlone() throws Exception {
        Process process = new ProcessBuilder("sleep", "600").start();
        try {
            Member earlier = new Member("sleeper", process.pid(), 1);
            assertThat(earlier.alive()).isFalse();
            earlier.askToStop();
            earlier.awaitEnd(Duration.ofSeconds(20));
            assertThat(process.isAlive()).isTrue();
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void isFoundAgainInItsFolder() {
        Roster roster = new Roster(8081, 4, List.of()).with(new Member("jobmanager", 17, 23));
        roster.write(folder);
        assertThat(Roster.read(folder)).contains(roster);
        Roster.delete(folder);
        assertThat(Roster.read(folder)).isEmpty();
    }

    @Test
    void isNobodyInAFolderThatHasNoCluster() {
        assertThat(StandingCluster.find(folder.resolve("none"))).isEmpty();
    }
}
