package org.flinkllama.jobs.names;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.IntStream;

/// Finds the name that was perhaps meant.
public final class NearestName {
    private NearestName() {}

    /// The name that differs in the fewest letters, where they are no more than half of the longer one.
    public static Optional<String> of(String name, Collection<String> names) {
        return names.stream()
                .min(Comparator.comparingInt(other -> distance(name, other)))
                .filter(other -> 2 * distance(name, other) <= Math.max(name.length(), other.length()));
    }

    /// Letters to insert, delete or replace to make one name of the other (Levenshtein).
    private static int distance(String from, String to) {
        int[] above = IntStream.rangeClosed(0, to.length()).toArray();
        for (int row = 1; row <= from.length(); row++) {
            int[] current = new int[to.length() + 1];
            current[0] = row;
            for (int column = 1; column <= to.length(); column++) {
                int replaced = above[column - 1] + (from.charAt(row - 1) == to.charAt(column - 1) ? 0 : 1);
                current[column] = Math.min(replaced, 1 + Math.min(above[column], current[column - 1]));
            }
            above = current;
        }
        return above[to.length()];
    }
}
