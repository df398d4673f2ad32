package org.flinkllama.jobs.faults;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// How a run's outputs differ from those of an undisturbed one.
///
/// @param records    of the input that the undisturbed run answered
/// @param duplicates outputs that stand there again
/// @param losses     outputs of the undisturbed run that are not there
/// @param differing  outputs with another key, value, header or topic
/// @param disordered keys whose outputs do not follow the order of the input
record Comparison(int records, int duplicates, int losses, int differing, int disordered) {
    private record Lane(int stream, Object key) {}

    static Comparison of(List<OutputRecord> undisturbed, List<OutputRecord> found) {
        Map<Origin, OutputRecord> expected =
                undisturbed.stream().collect(Collectors.toMap(OutputRecord::origin, record -> record));
        Set<Origin> seen = new HashSet<>();
        Map<Lane, Origin> last = new HashMap<>();
        Set<Lane> disordered = new HashSet<>();
        int duplicates = 0;
        int differing = 0;
        for (OutputRecord record : found) {
            if (!seen.add(record.origin())) {
                duplicates++;
            }
            if (!record.equals(expected.get(record.origin()))) {
                differing++;
            }
            // Each topic is read in its own order; one key stands in one partition of it.
            Lane key = new Lane(record.stream(), record.key());
            Origin before = last.put(key, record.origin());
            if (before != null && before.compareTo(record.origin()) > 0) {
                disordered.add(key);
            }
        }
        int losses = (int) expected.keySet().stream()
                .filter(origin -> !seen.contains(origin))
                .count();
        int records = (int) expected.keySet().stream().filter(Origin::last).count();
        return new Comparison(records, duplicates, losses, differing, disordered.size());
    }

    boolean exactlyOnce() {
        return duplicates == 0 && losses == 0 && differing == 0 && disordered == 0;
    }
}
