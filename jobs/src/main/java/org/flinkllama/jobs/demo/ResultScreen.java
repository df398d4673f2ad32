package org.flinkllama.jobs.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.flinkllama.operators.reject.DeadLetterHeaders;

/// Prints results for people. Used by one thread.
final class ResultScreen {
    private static final int LABEL = 11;
    private static final int MARGIN = 5;
    private static final int BAR = 10;
    private static final int CONTEXT = 24;

    private final PrintWriter out;
    private final Terminal terminal;
    private int number;

    ResultScreen(PrintWriter out, Terminal terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    /// Prints an enrichment in its JSON form, beside the document that it was made from.
    void enrichment(JsonNode enrichment, SampleDocument document) {
        number++;
        String heading = TextLayout.printable(
                document.title().isEmpty() ? document.id() : document.id() + " · " + document.title());
        out.println();
        out.printf("%3d  %s%n", number, terminal.bold(TextLayout.shortened(heading, terminal.columns() - MARGIN)));
        if (enrichment.path("summary").isObject()) {
            paragraph("summary", enrichment.path("summary").path("text").asText());
        }
        if (enrichment.path("sentiment").isObject()) {
            paragraph("sentiment", distribution(enrichment.path("sentiment")));
        }
        for (JsonNode answer : enrichment.path("answers")) {
            paragraph("question", answer.path("question").asText());
            answer(answer, document.text());
        }
        for (JsonNode output : enrichment.path("outputs")) {
            paragraph(output.path("name").asText(), output.path("text").asText());
        }
        out.flush();
    }

    /// Prints why a record was refused.
    void deadLetter(Map<String, String> headers) {
        number++;
        out.println();
        out.printf("%3d  %s%n", number, terminal.bold(terminal.red("refused, now on the dead-letter topic")));
        paragraph(
                "record",
                "offset " + headers.get(DeadLetterHeaders.OFFSET) + " of topic '" + headers.get(DeadLetterHeaders.TOPIC)
                        + "', partition " + headers.get(DeadLetterHeaders.PARTITION));
        paragraph("stage", headers.get(DeadLetterHeaders.STAGE));
        paragraph("reason", headers.get(DeadLetterHeaders.EXCEPTION_MESSAGE));
        out.flush();
    }

    /// Prints the closing figures.
    void summary(Tally tally, Duration time) {
        double seconds = Math.max(0.001, time.toMillis() / 1000.0);
        out.println();
        paragraph(
                "documents",
                "%d enriched, %d refused, %d missing, of %d records"
                        .formatted(tally.enriched(), tally.refused(), tally.missing(), tally.expected()));
        paragraph(
                "tokens",
                "%,d read, %,d generated or scored; %,.0f tokens/s"
                        .formatted(
                                tally.promptTokens(),
                                tally.completionTokens(),
                                (tally.promptTokens() + tally.completionTokens()) / seconds));
        paragraph("time", "%.1f s from the first document to the last result".formatted(seconds));
        out.flush();
    }

    /// Prints a label and beside it a text that may take several lines.
    void paragraph(String label, String text) {
        int indent = MARGIN + LABEL;
        List<String> lines = TextLayout.wrap(TextLayout.printable(text), terminal.columns() - indent - 1);
        String head = TextLayout.shortened(TextLayout.printable(label), LABEL - 1);
        String padding = " ".repeat(LABEL - TextLayout.width(head));
        out.println(" ".repeat(MARGIN) + terminal.faint(head) + padding + lines.getFirst());
        for (String line : lines.subList(1, lines.size())) {
            out.println(" ".repeat(indent) + line);
        }
    }

    private void answer(JsonNode answer, String text) {
        String confidence = percent(answer.path("confidence").asDouble());
        if (!answer.path("answered").asBoolean()) {
            paragraph("answer", "the document does not say (" + confidence + ")");
            return;
        }
        JsonNode evidence = answer.path("evidence");
        int start = evidence.path("start").asInt();
        int end = evidence.path("end").asInt();
        boolean found = evidence.isObject() && start >= 0 && start <= end && end <= text.length();
        paragraph(
                "answer",
                answer.path("text").asText() + " (" + confidence + (found ? "; " + quotation(text, start, end) : "")
                        + ")");
    }

    /// The evidence among the words around it.
    private static String quotation(String text, int start, int end) {
        String before = text.substring(Math.max(0, start - CONTEXT), start);
        if (before.length() < start) {
            before = "…" + before.substring(before.indexOf(' ') + 1);
        }
        String behind = text.substring(end, Math.min(text.length(), end + CONTEXT));
        if (end + behind.length() < text.length()) {
            behind = (behind.lastIndexOf(' ') < 0 ? behind : behind.substring(0, behind.lastIndexOf(' '))) + "…";
        }
        return "“" + before + "[" + text.substring(start, end) + "]" + behind + "”";
    }

    private static String distribution(JsonNode sentiment) {
        List<Map.Entry<String, JsonNode>> scores =
                new ArrayList<>(sentiment.path("scores").properties());
        scores.sort(Comparator.comparingDouble(
                        (Map.Entry<String, JsonNode> score) -> score.getValue().asDouble())
                .reversed());
        String label = sentiment.path("label").asText();
        double winner = sentiment.path("scores").path(label).asDouble();
        int filled = (int) Math.round(Math.clamp(winner, 0, 1) * BAR);
        StringBuilder line = new StringBuilder(label).append(' ').append(percent(winner));
        line.append(' ').append("█".repeat(filled)).append("░".repeat(BAR - filled));
        for (Map.Entry<String, JsonNode> score : scores) {
            if (!score.getKey().equals(label)) {
                line.append(", ")
                        .append(score.getKey())
                        .append(' ')
                        .append(percent(score.getValue().asDouble()));
            }
        }
        return line.toString();
    }

    private static String percent(double share) {
        return Math.round(100 * share) + " %";
    }
}
