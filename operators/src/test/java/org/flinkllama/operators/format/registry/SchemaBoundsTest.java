package org.flinkllama.operators.format.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.avro.Schema;
import org.flinkllama.schemas.v1.Document;
import org.flinkllama.schemas.v1.Enrichment;
import org.flinkllama.schemas.v1.Reply;
import org.flinkllama.schemas.v1.Turn;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SchemaBoundsTest {
    @Test
    void takesOurOwnSchemas() {
        for (Schema schema : new Schema[] {
            Document.getClassSchema(), Enrichment.getClassSchema(), Turn.getClassSchema(), Reply.getClassSchema()
        }) {
            assertThat(SchemaBounds.violation(schema)).isEmpty();
        }
    }

    @Test
    void refusesARecursiveSchema() {
        String list = """
                {"type": "record", "name": "List", "fields": [
                  {"name": "next", "type": ["null", "List"]}]}""";
        assertThat(SchemaBounds.violation(parsed(list))).contains("is recursive");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"null\"",
                "{\"type\": \"record\", \"name\": \"Empty\", \"fields\": []}",
                "{\"type\": \"record\", \"name\": \"R\", \"fields\": [{\"name\": \"n\", \"type\": \"null\"}]}"
            })
    void refusesArraysOfElementsThatTakeNoBytes(String element) {
        assertThat(SchemaBounds.violation(parsed("{\"type\": \"array\", \"items\": " + element + "}")))
                .contains("has an array of elements that take no bytes");
    }

    @Test
    void refusesDeepNesting() {
        String deep = "{\"type\": \"array\", \"items\": ".repeat(70) + "\"int\"" + "}".repeat(70);
        assertThat(SchemaBounds.violation(parsed(deep))).contains("is nested deeper than 64");
    }

    /// Each record holds the one before twice: few types, and 2^20 of them in a value.
    @Test
    void refusesASchemaThatGrowsByUse() {
        String levels = IntStream.range(1, 21)
                .mapToObj(level -> """
                        {"type": "record", "name": "L%d", "fields": [
                          {"name": "a", "type": "L%d"}, {"name": "b", "type": "L%d"}]}""".formatted(level, level - 1, level - 1))
                .collect(Collectors.joining(","));
        String union = "[{\"type\": \"record\", \"name\": \"L0\", \"fields\": []}," + levels + "]";
        assertThat(SchemaBounds.violation(parsed(union))).contains("has more than 10000 parts");
    }

    private static Schema parsed(String schema) {
        return new Schema.Parser().parse(schema);
    }
}
