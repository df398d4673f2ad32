package org.flinkllama.operators.task.method;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.flinkllama.model.generation.Outcome;
import org.flinkllama.model.generation.Request;
import org.flinkllama.operators.task.method.DocumentPrompts.Part;
import org.flinkllama.operators.task.prompt.PromptProfile;
import org.flinkllama.operators.task.text.TextSpan;

/// Answers in the model's own words. The evidence is where these words stand in the part: exactly, or else whatever
/// the case and the white space. Quotes around an answer and the full stop behind it are not looked for.
final class FreeReading implements Answers.Reading {
    private static final Pattern WHITE_SPACE = Pattern.compile("\\s+");
    private static final Pattern WRAPPING = Pattern.compile("^[\"'“”‘’「]+|[\"'“”‘’」]*[.。]?[\"'“”‘’」]*$");

    private final Generation generation;
    private final String notStated;

    FreeReading(PromptProfile profile, Generation generation) {
        this.generation = generation;
        this.notStated = comparable(profile.notStated());
    }

    @Override
    public Request request(Part part) {
        return generation.free(part.prompt());
    }

    @Override
    public Optional<Answers.Found> found(Part part, String document, Outcome.Completion completion) {
        String answer = completion.text().strip();
        if (answer.isEmpty() || comparable(answer).startsWith(notStated)) {
            return Optional.empty();
        }
        String sought = WRAPPING.matcher(answer).replaceAll("");
        Optional<TextSpan> evidence = locate(answer, part.span(), document)
                .or(() -> sought.isBlank() ? Optional.empty() : locate(sought, part.span(), document));
        return Optional.of(new Answers.Found(answer, evidence));
    }

    private static Optional<TextSpan> locate(String answer, TextSpan part, String document) {
        int exact = document.indexOf(answer, part.start(), part.end());
        if (exact >= 0) {
            return Optional.of(new TextSpan(exact, exact + answer.length()));
        }
        String words =
                Arrays.stream(WHITE_SPACE.split(answer)).map(Pattern::quote).collect(Collectors.joining("\\s+"));
        Matcher matcher = Pattern.compile(words, Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE)
                .matcher(document)
                .region(part.start(), part.end());
        return matcher.find() ? Optional.of(new TextSpan(matcher.start(), matcher.end())) : Optional.empty();
    }

    /// Lower case, letters and digits with single spaces between words.
    private static String comparable(String text) {
        return text.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N}]+", " ").strip();
    }
}
