package org.flinkllama.jobs.archive;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.flinkllama.jobs.archive.file.Entry;

/// Neighbouring entries of a split, the longest first: of documents that are computed beside each other, a long one
/// that begins last would be computed alone.
///
/// Entries of one id keep their order.
final class Window {
    static final int MOST_ENTRIES = 512;
    static final long MOST_BYTES = 8L << 20;

    private final List<Entry> entries = new ArrayList<>();
    private long bytes;

    boolean isFull() {
        return entries.size() >= MOST_ENTRIES || bytes >= MOST_BYTES;
    }

    void add(Entry entry) {
        entries.add(entry);
        bytes += entry.value().length;
    }

    /// The entries in the order in which they are to be worked on.
    List<Entry> ordered() {
        List<Integer> places = IntStream.range(0, entries.size())
                .boxed()
                .sorted(Comparator.comparingInt(
                                (Integer place) -> entries.get(place).value().length)
                        .reversed()
                        .thenComparingInt(place -> place))
                .toList();
        Map<String, List<Entry>> byId = new HashMap<>();
        for (Entry entry : entries) {
            byId.computeIfAbsent(key(entry), id -> new ArrayList<>(1)).add(entry);
        }
        List<Entry> ordered = new ArrayList<>(entries.size());
        for (int place : places) {
            ordered.add(byId.get(key(entries.get(place))).removeFirst());
        }
        return ordered;
    }

    private static String key(Entry entry) {
        return entry.id() == null ? "number " + entry.number() : "id " + entry.id();
    }
}
