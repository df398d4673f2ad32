package org.flinkllama.model.generation;

import java.util.List;

/// Watches a growing text for strings that end it, and holds back a tail that may become one.
final class StopStrings {
    private final List<String> stops;
    private final StringBuilder text = new StringBuilder();
    private int released;
    private boolean met;

    StopStrings(List<String> stops) {
        this.stops = stops;
    }

    /// Adds text and returns what is certain not to be part of a stop string.
    String add(String more) {
        int from = text.length();
        text.append(more);
        int cut = -1;
        for (String stop : stops) {
            int found = text.indexOf(stop, Math.max(released, from - stop.length() + 1));
            if (found >= 0 && (cut < 0 || found < cut)) {
                cut = found;
            }
        }
        if (cut >= 0) {
            met = true;
            text.setLength(cut);
            return release(cut);
        }
        return release(text.length() - longestBeginning());
    }

    /// No more text comes: returns what was held back.
    String finish() {
        return release(text.length());
    }

    boolean met() {
        return met;
    }

    /// The text, cut before a stop string.
    String text() {
        return text.toString();
    }

    private String release(int end) {
        String certain = text.substring(Math.min(released, end), end);
        released = Math.max(released, end);
        return certain;
    }

    /// Length of the longest tail of the text that begins a stop string.
    private int longestBeginning() {
        int longest = 0;
        for (String stop : stops) {
            for (int length = Math.min(stop.length() - 1, text.length()); length > longest; length--) {
                if (stop.startsWith(text.substring(text.length() - length))) {
                    longest = length;
                }
            }
        }
        return longest;
    }
}
