package org.flinkllama.jobs.kafka.replay;

import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Which dead letters go back, and where to.
///
/// @param deadLetters topic of the dead letters
/// @param target      topic they are sent to; empty for the one that each came from
/// @param stages      stages at which they were refused; empty for all
/// @param maxReplays  times that one record is sent back at most, 1 or more
/// @param groupId     consumer group that remembers how far replays have come
public record ReplayOptions(
        String deadLetters, Optional<String> target, Set<String> stages, int maxReplays, String groupId) {
    public ReplayOptions {
        stages = Set.copyOf(stages);
        if (maxReplays < 1) {
            throw new IllegalArgumentException("Option 'max-replays' is " + maxReplays + "; expected 1 or more.");
        }
    }

    /// The group of a choice of dead letters: another choice has another group, and sees them all.
    public static String groupId(String deadLetters, Set<String> stages) {
        String choice = stages.isEmpty() ? "" : "-" + String.join("-", new TreeSet<>(stages));
        return "flink-llama-replay-" + deadLetters + choice;
    }
}
