package org.flinkllama.jobs.parquet;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation.ListLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.MapKeyValueTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.MapLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.StringLogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.flinkllama.jobs.archive.file.ColumnNames;

/// The columns of a file that a document has a place for: single values, questions as a list of strings, attributes
/// as a map of strings. The others, those with bytes and nested ones, are not read.
///
/// @param schema  of those columns
/// @param problem why there is no document in them; null where there may be
record DocumentColumns(MessageType schema, String problem) {
    static final String QUESTIONS = "questions";
    static final String ATTRIBUTES = "attributes";

    static DocumentColumns of(MessageType file, ColumnNames names) {
        List<Type> read = new ArrayList<>();
        for (Type column : file.getFields()) {
            if (isSingle(column)
                    ? Cell.isReadable(column.asPrimitiveType(), isNamed(column, names))
                    : isQuestions(column) || isAttributes(column)) {
                read.add(column);
            }
        }
        String problem = read.stream().anyMatch(column -> isText(column, names)) ? null : problem(file, names);
        return new DocumentColumns(new MessageType(file.getName(), problem == null ? read : List.of()), problem);
    }

    private static boolean isSingle(Type column) {
        return column.isPrimitive() && !column.isRepetition(Type.Repetition.REPEATED);
    }

    private static boolean isNamed(Type column, ColumnNames names) {
        return column.getName().equals(names.id()) || column.getName().equals(names.text());
    }

    private static boolean isText(Type column, ColumnNames names) {
        return column.isPrimitive() && column.getName().equals(names.text());
    }

    private static String problem(MessageType file, ColumnNames names) {
        String advice = ". Name the column of the text by --text-column.";
        if (!file.containsField(names.text())) {
            String columns =
                    file.getFields().stream().map(Type::getName).limit(20).collect(Collectors.joining(", "));
            return "The file has no column '" + names.text() + "'; expected one beside or among " + columns + advice;
        }
        Type column = file.getType(names.text());
        return "The column '" + names.text() + "' is "
                + (isSingle(column)
                        ? column.asPrimitiveType().getPrimitiveTypeName() + " of " + column.getLogicalTypeAnnotation()
                        : "nested")
                + "; expected one string a row" + advice;
    }

    /// A list of strings, in either of the shapes that lists have.
    static boolean isQuestions(Type column) {
        if (!column.getName().equals(QUESTIONS)
                || column.isPrimitive()
                || !(column.getLogicalTypeAnnotation() instanceof ListLogicalTypeAnnotation)
                || column.isRepetition(Type.Repetition.REPEATED)
                || column.asGroupType().getFieldCount() != 1) {
            return false;
        }
        Type element = column.asGroupType().getType(0);
        return element.isRepetition(Type.Repetition.REPEATED)
                && (isString(element)
                        || !element.isPrimitive()
                                && element.asGroupType().getFieldCount() == 1
                                && isSingle(element.asGroupType().getType(0))
                                && isString(element.asGroupType().getType(0)));
    }

    static boolean isAttributes(Type column) {
        boolean map = column.getLogicalTypeAnnotation() instanceof MapLogicalTypeAnnotation
                || column.getLogicalTypeAnnotation() instanceof MapKeyValueTypeAnnotation;
        if (!column.getName().equals(ATTRIBUTES)
                || column.isPrimitive()
                || !map
                || column.isRepetition(Type.Repetition.REPEATED)
                || column.asGroupType().getFieldCount() != 1
                || column.asGroupType().getType(0).isPrimitive()) {
            return false;
        }
        GroupType entry = column.asGroupType().getType(0).asGroupType();
        return entry.isRepetition(Type.Repetition.REPEATED)
                && entry.getFieldCount() == 2
                && entry.getFields().stream().allMatch(field -> isSingle(field) && isString(field));
    }

    private static boolean isString(Type type) {
        return type.isPrimitive()
                && type.asPrimitiveType().getPrimitiveTypeName() == PrimitiveTypeName.BINARY
                && type.getLogicalTypeAnnotation() instanceof StringLogicalTypeAnnotation;
    }
}
