package org.flinkllama.jobs.archive.read;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Optional;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.io.DatumReader;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.specific.SpecificDatumReader;
import org.flinkllama.jobs.archive.file.ColumnNames;
import org.flinkllama.jobs.archive.file.Entry;
import org.flinkllama.jobs.archive.file.FileContent;
import org.flinkllama.operators.format.AvroLengths;
import org.flinkllama.schemas.v1.Document;

/// The records of one block, decompressed: documents as the schema of documents has them, or records of any other
/// schema, whose fields are then named by the user.
final class AvroRecords {
    private static final Schema DOCUMENT = Document.getClassSchema();

    private final FileContent file;
    private final Schema written;
    private final byte[] block;
    private final boolean documents;
    private long left;
    private int position;

    AvroRecords(FileContent file, Schema written, byte[] block, long records) {
        this.file = file;
        this.written = written;
        this.block = block;
        this.left = records;
        this.documents = file.columns().equals(ColumnNames.DEFAULT)
                && SchemaCompatibility.checkReaderWriterCompatibility(DOCUMENT, written)
                                .getType()
                        == SchemaCompatibilityType.COMPATIBLE;
    }

    /// The next record; empty behind the last one.
    ///
    /// @throws IOException where its lengths don't fit the block, so that nothing behind it can be found
    Optional<Entry> next(long number) throws IOException {
        if (left-- <= 0) {
            return Optional.empty();
        }
        int begin = position;
        position = AvroLengths.skip(written, block, begin);
        byte[] record = Arrays.copyOfRange(block, begin, position);
        try {
            AvroLengths.check(written, record, 0);
            return Optional.of(documents ? document(number, record) : fields(number, record));
        } catch (IOException | AvroRuntimeException unreadable) {
            return Optional.of(Entry.refused(
                    number,
                    record,
                    "The record can't be read as '" + written.getFullName() + "' ("
                            + unreadable.getClass().getName() + "); expected strings in UTF-8 and known symbols."));
        }
    }

    private Entry document(long number, byte[] record) throws IOException {
        DatumReader<Document> reader = new SpecificDatumReader<>(written, DOCUMENT);
        Document document = reader.read(null, DecoderFactory.get().binaryDecoder(record, null));
        ByteBuffer encoded = Document.getEncoder().encode(document);
        byte[] value = new byte[encoded.remaining()];
        encoded.get(value);
        return Entry.document(number, document.getId(), value);
    }

    private Entry fields(long number, byte[] record) throws IOException {
        if (written.getType() != Schema.Type.RECORD
                || written.getField(file.columns().text()) == null) {
            return Entry.refused(
                    number,
                    record,
                    "The schema '" + written.getFullName() + "' has no field '"
                            + file.columns().text()
                            + "'; expected a record with one. Name the field of the text by --text-column.");
        }
        DatumReader<IndexedRecord> reader = new GenericDatumReader<>(written);
        IndexedRecord read = reader.read(null, DecoderFactory.get().binaryDecoder(record, null));
        DocumentFields document = new DocumentFields(file.columns(), Cursors.derivedId(file.name(), number));
        for (Schema.Field field : written.getFields()) {
            switch (read.get(field.pos())) {
                case CharSequence text -> document.put(field.name(), text.toString());
                case Number value -> document.put(field.name(), text(field.schema(), value));
                case Boolean value -> document.put(field.name(), value.toString());
                case org.apache.avro.generic.GenericEnumSymbol<?> symbol ->
                    document.put(field.name(), symbol.toString());
                case null, default -> {} // nothing there, or what a document has no place for
            }
        }
        return document.entry(number);
    }

    /// A number as text, or the time or day that it stands for.
    private static String text(Schema schema, Number value) {
        Schema own = schema.isUnion() ? schema.getTypes().get(GenericData.get().resolveUnion(schema, value)) : schema;
        return switch (own.getLogicalType()) {
            case LogicalTypes.TimestampMillis _ ->
                Instant.ofEpochMilli(value.longValue()).toString();
            case LogicalTypes.TimestampMicros _ ->
                Instant.EPOCH.plus(value.longValue(), ChronoUnit.MICROS).toString();
            case LogicalTypes.TimestampNanos _ ->
                Instant.EPOCH.plusNanos(value.longValue()).toString();
            case LogicalTypes.Date _ -> LocalDate.ofEpochDay(value.longValue()).toString();
            case null, default -> value.toString();
        };
    }
}
