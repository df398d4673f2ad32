package org.flinkllama.schemas.v1;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecordBase;
import org.junit.jupiter.api.Test;

/// What a reader of the topics may count on in every schema.
final class SchemaStyleTest {
    private final List<Schema> types = SchemaFiles.currentNamedTypes();

    @Test
    void explainsEveryType() {
        assertThat(types).isNotEmpty().allSatisfy(type -> assertThat(type.getDoc())
                .as(type.getFullName())
                .isNotBlank());
    }

    @Test
    void explainsEveryField() {
        assertThat(types)
                .filteredOn(type -> type.getType() == Schema.Type.RECORD)
                .allSatisfy(
                        type -> assertThat(type.getFields()).isNotEmpty().allSatisfy(field -> assertThat(field.doc())
                                .as(type.getName() + "." + field.name())
                                .isNotBlank()));
    }

    @Test
    void givesEveryEnumASymbolForWhatALaterVersionWrites() {
        assertThat(types)
                .filteredOn(type -> type.getType() == Schema.Type.ENUM)
                .isNotEmpty()
                .allSatisfy(type ->
                        assertThat(type.getEnumDefault()).as(type.getFullName()).isEqualTo("UNKNOWN"));
    }

    @Test
    void endsEveryNamespaceWithAMajorVersion() {
        assertThat(types).allSatisfy(type -> assertThat(type.getNamespace()).matches("[a-z.]+\\.v[1-9][0-9]*"));
    }

    @Test
    void hasAClassForEveryRecordFile() {
        assertThat(SchemaFiles.current().values()).allSatisfy(schema -> assertThat(Class.forName(schema.getFullName()))
                .isAssignableTo(SpecificRecordBase.class));
    }
}
