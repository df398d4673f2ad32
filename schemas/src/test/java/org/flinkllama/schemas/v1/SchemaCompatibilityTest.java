package org.flinkllama.schemas.v1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.Collectors;
import org.apache.avro.Schema;
import org.apache.avro.SchemaValidationException;
import org.apache.avro.SchemaValidatorBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.message.BinaryMessageDecoder;
import org.apache.avro.message.BinaryMessageEncoder;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecordBase;
import org.junit.jupiter.api.Test;

/// The schemas may change only so that every released version reads the current one and is read by it.
final class SchemaCompatibilityTest {
    private final SortedMap<String, Schema> current = SchemaFiles.current();
    private final List<SortedMap<String, Schema>> released = SchemaFiles.released();

    @Test
    void readsAndIsReadByEveryReleasedVersion() {
        assertThat(released).isNotEmpty();
        current.forEach((name, schema) ->
                assertThatCode(() -> validate(schema)).as(name).doesNotThrowAnyException());
    }

    @Test
    void keepsEveryReleasedRecord() {
        assertThat(released).allSatisfy(records -> assertThat(current)
                .containsKeys(records.keySet().toArray(String[]::new)));
    }

    /// Avro would read a symbol that is gone as the default: compatible, but the value would be lost.
    @Test
    void keepsEverySymbolOfAReleasedEnum() {
        Map<String, List<String>> symbols = SchemaFiles.currentNamedTypes().stream()
                .filter(type -> type.getType() == Schema.Type.ENUM)
                .collect(Collectors.toMap(Schema::getFullName, Schema::getEnumSymbols));
        assertThat(SchemaFiles.releasedNamedTypes())
                .filteredOn(type -> type.getType() == Schema.Type.ENUM)
                .isNotEmpty()
                .allSatisfy(type -> assertThat(symbols.get(type.getFullName())).containsAll(type.getEnumSymbols()));
    }

    @Test
    void refusesANewFieldWithoutADefault() {
        Schema extended = copyOf(
                current.get("Document"),
                new Schema.Field("pages", Schema.create(Schema.Type.INT), "Number of pages.", null));
        assertThatThrownBy(() -> validate(extended)).isInstanceOf(SchemaValidationException.class);
    }

    @Test
    void acceptsANewFieldWithADefault() {
        Schema extended = copyOf(
                current.get("Document"),
                new Schema.Field("pages", Schema.create(Schema.Type.INT), "Number of pages.", 0));
        assertThatCode(() -> validate(extended)).doesNotThrowAnyException();
    }

    @Test
    void carriesARecordOfAReleasedVersionThroughTheCurrentOneUnchanged() throws IOException {
        for (SortedMap<String, Schema> version : released) {
            for (Schema schema : version.values()) {
                for (GenericData.Record written :
                        List.of(ExtremeRecords.emptiest(schema), ExtremeRecords.fullest(schema))) {
                    assertThat(throughTheCurrentVersion(written)).isEqualTo(written);
                }
            }
        }
    }

    /// Written by the released version, read and written by the current classes, read by the released version.
    private static GenericData.Record throughTheCurrentVersion(GenericData.Record written) throws IOException {
        Schema released = written.getSchema();
        Class<?> type = SpecificData.get().getClass(released);
        Schema current = SpecificData.get().getSchema(type);
        SpecificData classes = SpecificData.getForClass(type);
        GenericData plain = GenericData.get();

        BinaryMessageDecoder<SpecificRecordBase> read = new BinaryMessageDecoder<>(classes, current);
        read.addSchema(released);
        SpecificRecordBase record =
                read.decode(new BinaryMessageEncoder<GenericData.Record>(plain, released).encode(written));

        BinaryMessageDecoder<GenericData.Record> readBack = new BinaryMessageDecoder<>(plain, released);
        readBack.addSchema(current);
        return readBack.decode(new BinaryMessageEncoder<SpecificRecordBase>(classes, current).encode(record));
    }

    private void validate(Schema schema) throws SchemaValidationException {
        List<Schema> earlier = released.reversed().stream()
                .filter(records -> records.containsKey(schema.getName()))
                .map(records -> records.get(schema.getName()))
                .toList();
        new SchemaValidatorBuilder().mutualReadStrategy().validateAll().validate(schema, earlier);
    }

    private static Schema copyOf(Schema record, Schema.Field another) {
        List<Schema.Field> fields = new ArrayList<>();
        record.getFields().forEach(field -> fields.add(new Schema.Field(field, field.schema())));
        fields.add(another);
        return Schema.createRecord(record.getName(), record.getDoc(), record.getNamespace(), false, fields);
    }
}
