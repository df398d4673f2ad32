package org.flinkllama.jobs.demo;

import java.util.Map;

/// What the screen can show.
///
/// @param columns cells of a line, 20 or more
/// @param colours whether colours and bold type are understood and wanted
public record Terminal(int columns, boolean colours) {
    private static final int NARROWEST = 20;
    private static final int USUAL = 100;

    public Terminal {
        columns = Math.max(NARROWEST, columns);
    }

    /// Reads the environment: the script sets `FLINK_LLAMA_COLUMNS` where standard output is a terminal. Anything
    /// else gets lines of the usual length without colours, and so does a terminal whose user set `NO_COLOR`.
    public static Terminal of(Map<String, String> environment) {
        String columns = environment.getOrDefault("FLINK_LLAMA_COLUMNS", "");
        if (!columns.matches("[1-9]\\d{0,3}")) {
            return new Terminal(USUAL, false);
        }
        boolean colours = environment.getOrDefault("NO_COLOR", "").isEmpty()
                && !environment.getOrDefault("TERM", "dumb").equals("dumb");
        return new Terminal(Integer.parseInt(columns), colours);
    }

    String bold(String text) {
        return styled("1", text);
    }

    String faint(String text) {
        return styled("2", text);
    }

    String red(String text) {
        return styled("31", text);
    }

    private String styled(String code, String text) {
        return colours && !text.isEmpty() ? "\u001B[" + code + "m" + text + "\u001B[0m" : text;
    }
}
