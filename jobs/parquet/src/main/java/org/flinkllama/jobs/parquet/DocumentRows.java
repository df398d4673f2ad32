package org.flinkllama.jobs.parquet;

import java.util.List;
import java.util.function.Consumer;
import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.RecordMaterializer;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;
import org.flinkllama.jobs.archive.file.ColumnNames;
import org.flinkllama.jobs.archive.file.Entry;
import org.flinkllama.jobs.archive.read.Cursors;
import org.flinkllama.jobs.archive.read.DocumentFields;

/// Makes documents of rows. A row that is too long is dropped while it is read.
final class DocumentRows extends RecordMaterializer<Entry> {
    private final String file;
    private final ColumnNames names;
    private final Group root;
    private long number; // of the row

    // -- of the row
    private DocumentFields fields;
    private int room; // bytes that may still come; negative where too many came
    private Entry refusal; // null where the row can be read
    private String attribute; // whose value comes next

    /// @param columns     as [DocumentColumns] has them
    /// @param firstNumber of the rows
    DocumentRows(String file, ColumnNames names, MessageType columns, long firstNumber) {
        this.file = file;
        this.names = names;
        this.number = firstNumber - 1;
        this.root = new Group(columns.getFields().stream().map(this::converter).toList()) {
            @Override
            public void start() {
                begin();
            }
        };
    }

    private void begin() {
        number++;
        fields = new DocumentFields(names, Cursors.derivedId(file, number));
        room = Cursors.MAX_RECORD_BYTES;
        refusal = null;
    }

    private Converter converter(Type column) {
        if (DocumentColumns.isQuestions(column)) {
            Type element = column.asGroupType().getType(0);
            return element.isPrimitive()
                    ? new Group(List.of(cell(element, text -> fields.addQuestion(text))))
                    : new Group(List.of(new Group(
                            List.of(cell(element.asGroupType().getType(0), text -> fields.addQuestion(text))))));
        }
        if (DocumentColumns.isAttributes(column)) {
            GroupType entry = column.asGroupType().getType(0).asGroupType();
            return new Group(List.of(new Group(List.of(
                    cell(entry.getType(0), text -> attribute = text),
                    cell(entry.getType(1), text -> fields.putAttribute(attribute, text))))));
        }
        return cell(column, text -> fields.put(column.getName(), text));
    }

    private Cell cell(Type column, Consumer<String> texts) {
        return new Cell(column.asPrimitiveType(), new Cell.Target() {
            @Override
            public boolean hasRoom(int bytes) {
                room = bytes > room ? -1 : room - bytes;
                return room >= 0;
            }

            @Override
            public void text(String text) {
                texts.accept(text);
            }

            @Override
            public void notText(byte[] bytes) {
                refusal = Entry.refused(
                        number,
                        bytes,
                        "The " + bytes.length + " bytes in the column '" + column.getName()
                                + "' are not UTF-8; expected text in UTF-8. Convert the file.");
            }
        });
    }

    @Override
    public Entry getCurrentRecord() {
        if (room < 0) {
            return Entry.refused(
                    number,
                    new byte[0],
                    "The row is longer than " + Cursors.MAX_RECORD_BYTES
                            + " bytes; expected at most as many. Split the document.");
        }
        return refusal == null ? fields.entry(number) : refusal;
    }

    @Override
    public GroupConverter getRootConverter() {
        return root;
    }

    /// A row, a list, a map or an element of one.
    private static class Group extends GroupConverter {
        private final List<? extends Converter> fields;

        Group(List<? extends Converter> fields) {
            this.fields = fields;
        }

        @Override
        public Converter getConverter(int field) {
            return fields.get(field);
        }

        @Override
        public void start() {}

        @Override
        public void end() {}
    }
}
