package org.flinkllama.jobs.cluster.standing;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.flinkllama.jobs.cluster.ClusterException;

/// What is known of a cluster from one command to the next.
///
/// @param port    of its JobManager's REST
/// @param slots   that it has when all its processes live
/// @param members its processes, the JobManager first
record Roster(int port, int slots, List<Member> members) {
    private static final String FILE = "cluster.json";
    private static final ObjectMapper JSON = new ObjectMapper();

    Roster {
        members = List.copyOf(members);
    }

    Roster with(Member member) {
        List<Member> more = new ArrayList<>(members);
        more.add(member);
        return new Roster(port, slots, more);
    }

    List<Member> alive() {
        return members.stream().filter(Member::alive).toList();
    }

    static Optional<Roster> read(Path folder) {
        Path file = folder.resolve(FILE);
        try {
            return Files.exists(file) ? Optional.of(JSON.readValue(file.toFile(), Roster.class)) : Optional.empty();
        } catch (IOException e) {
            throw new ClusterException(
                    "The file '" + file + "' can't be read as a cluster's (" + e.getMessage()
                            + "). Give the folder of another cluster, or end the processes by hand and delete it.",
                    e);
        }
    }

    void write(Path folder) {
        try {
            Files.createDirectories(folder);
            Path partial = folder.resolve(FILE + ".part");
            JSON.writeValue(partial.toFile(), this);
            Files.move(partial, folder.resolve(FILE), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new ClusterException(
                    "The folder '" + folder + "' can't be written (" + e.getMessage() + "). Give the cluster another.",
                    e);
        }
    }

    static void delete(Path folder) {
        try {
            Files.deleteIfExists(folder.resolve(FILE));
        } catch (IOException e) {
            throw new ClusterException("The folder '" + folder + "' can't be written: " + e.getMessage(), e);
        }
    }
}
