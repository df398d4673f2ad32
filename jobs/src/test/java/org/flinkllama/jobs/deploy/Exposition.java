package org.flinkllama.jobs.deploy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a Prometheus endpoint exposes: names and labels of samples.
record Exposition(List<Sample> samples) {
    private static final Pattern LINE = Pattern.compile("([A-Za-z_:][A-Za-z0-9_:]*)(?:\\{(.*)})? \\S+");
    private static final Pattern LABEL = Pattern.compile("([A-Za-z_]+)=\"([^\"]*)\"");

    record Sample(String name, Map<String, String> labels) {}

    static Exposition parse(String text) {
        List<Sample> samples = new ArrayList<>();
        for (String line : text.lines().filter(line -> !line.startsWith("#")).toList()) {
            Matcher sample = LINE.matcher(line);
            if (sample.matches()) {
                samples.add(new Sample(sample.group(1), labels(sample.group(2))));
            }
        }
        return new Exposition(samples);
    }

    private static Map<String, String> labels(String text) {
        Map<String, String> labels = new HashMap<>();
        Matcher label = LABEL.matcher(text == null ? "" : text);
        while (label.find()) {
            labels.put(label.group(1), label.group(2));
        }
        return labels;
    }

    /// Whether some sample fits a selector such as `name{label="value",other=~"a|b"}`.
    boolean has(String selector) {
        int brace = selector.indexOf('{');
        String name = brace < 0 ? selector : selector.substring(0, brace);
        Map<String, Pattern> wanted = new HashMap<>();
        Matcher matchers = Pattern.compile("([A-Za-z_]+)(=~?)\"([^\"]*)\"").matcher(selector);
        while (matchers.find()) {
            String value = matchers.group(3);
            wanted.put(
                    matchers.group(1), Pattern.compile(matchers.group(2).equals("=") ? Pattern.quote(value) : value));
        }
        return samples.stream()
                .filter(sample -> sample.name().equals(name))
                .anyMatch(sample -> wanted.entrySet().stream().allMatch(label -> label.getValue()
                        .matcher(sample.labels().getOrDefault(label.getKey(), ""))
                        .matches()));
    }
}
