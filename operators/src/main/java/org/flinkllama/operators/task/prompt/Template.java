package org.flinkllama.operators.task.prompt;

import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Text with places to fill in, written `{name}`. Only the names given count as places; braces around anything else
/// are text. Values are put in once: a place written in a value stays as it is.
public final class Template {
    private final String text;
    private final Pattern places;

    public Template(String text, Set<String> names) {
        this.text = text;
        this.places = Pattern.compile(
                "\\{(" + names.stream().sorted().map(Pattern::quote).collect(Collectors.joining("|")) + ")}");
    }

    /// Whether the text has a place of this name.
    public boolean has(String name) {
        return places.matcher(text).results().anyMatch(place -> place.group(1).equals(name));
    }

    /// The text with a value in every place.
    public String fill(Map<String, String> values) {
        return places.matcher(text).replaceAll(place -> Matcher.quoteReplacement(value(values, place.group(1))));
    }

    private static String value(Map<String, String> values, String name) {
        String value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException("A template has the place '{" + name + "}'; values are given for "
                    + values.keySet().stream().sorted().toList() + ".");
        }
        return value;
    }
}
