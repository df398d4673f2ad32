package org.flinkllama.operators.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.flinkllama.operators.SampleRecords;
import org.flinkllama.operators.reject.RecordRejectedException;
import org.flinkllama.operators.reject.Rejection;
import org.flinkllama.schemas.v1.Document;
import org.flinkllama.schemas.v1.InputRecord;
import org.flinkllama.schemas.v1.Stage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonDocumentReaderTest {
    private final DocumentReader reader = new JsonDocumentReader();

    @Test
    void readsEveryField() throws RecordRejectedException {
        InputRecord record = SampleRecords.record("""
                {"id": "a", "text": "Grüße 你好 😀", "title": "T", "language": "de", "tenant": "t",
                 "eventTime": "2026-01-31T12:00:00.123Z", "questions": ["Wer?", "Wo?"], "attributes": {"kind": "x"}}
                """);

        Document document = reader.read(record);

        assertThat(document)
                .isEqualTo(Document.newBuilder()
                        .setId("a")
                        .setText("Grüße 你好 😀")
                        .setTitle("T")
                        .setLanguage("de")
                        .setTenant("t")
                        .setEventTime(Instant.parse("2026-01-31T12:00:00.123Z"))
                        .setQuestions(List.of("Wer?", "Wo?"))
                        .setAttributes(Map.of("kind", "x"))
                        .build());
        assertThat(record.getValue().position()).isZero();
    }

    @Test
    void readsMillisecondsAndTakesNullForAbsent() throws RecordRejectedException {
        Document document = reader.read(SampleRecords.record("""
                {"id": "a", "text": "b", "title": null, "questions": null, "attributes": null, "eventTime": 1500}
                """));

        assertThat(document.getEventTime()).isEqualTo(Instant.ofEpochMilli(1500));
        assertThat(document.getTitle()).isNull();
        assertThat(document.getQuestions()).isEmpty();
        assertThat(document.getAttributes()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"text": "secret"}                                    | Field 'id' is missing; expected a string.
            {"id": 17, "text": "secret"}                          | Field 'id' is a number; expected a string.
            {"id": "a", "text": ["secret"]}                       | Field 'text' is an array; expected a string.
            {"id": "a", "text": null}                             | Field 'text' is null; expected a string.
            {"id": "a", "text": "b", "body": "secret"}            | Field 'body' is not one of id, text,
            {"id": "a", "text": "b", "secret words here": 1}      | A field is not one of id, text,
            {"id": "a", "id": "b", "text": "secret"}              | not readable as JSON at line 1, column 17
            {"id": "a", "text": "secret                           | not readable as JSON at line 1
            {"id": "a", "text": "secret"} {}                      | not readable as JSON at line 1
            ["secret"]                                            | The value is an array; expected one JSON object
            {"id": "a", "text": "b", "questions": "secret"}       | Field 'questions' is a string; expected an array
            {"id": "a", "text": "b", "questions": ["x", 1]}       | Element 1 of field 'questions' is a number
            {"id": "a", "text": "b", "attributes": {"x": 1}}      | Field 'x' of field 'attributes' is a number
            {"id": "a", "text": "b", "eventTime": "secret"}       | Field 'eventTime' is a string that is no time
            {"id": "a", "text": "b", "eventTime": "+1000000000-12-31T23:59:59Z"} | Field 'eventTime' is a string that
            {"id": "a", "text": "b", "eventTime": 1.5}            | Field 'eventTime' is a number
            """)
    void refusesWhatIsNoDocumentAndNeverQuotesIt(String value, String sentence) {
        assertThat(rejection(value.getBytes(StandardCharsets.UTF_8)).message())
                .contains(sentence)
                .doesNotContain("secret");
    }

    @Test
    void refusesAnEmptyValueBrokenUtf8AndNoValue() {
        assertThat(rejection(new byte[0]).message()).contains("expected one JSON object");
        assertThat(rejection(new byte[] {'{', (byte) 0xC3, '}'}).message())
                .isEqualTo("The value is not UTF-8; expected a JSON object in UTF-8.");
        assertThat(rejection(null).message()).startsWith("The record has no value");
    }

    @Test
    void refusesNestingThatWouldExhaustTheStack() {
        byte[] nested = "[".repeat(200_000).getBytes(StandardCharsets.UTF_8);

        assertThat(rejection(nested).message()).contains("not readable as JSON");
    }

    private Rejection rejection(byte[] value) {
        Rejection rejection = catchThrowableOfType(
                        RecordRejectedException.class, () -> reader.read(SampleRecords.record(7, value)))
                .rejection();
        assertThat(rejection.stage()).isEqualTo(Stage.DECODE);
        return rejection;
    }
}
