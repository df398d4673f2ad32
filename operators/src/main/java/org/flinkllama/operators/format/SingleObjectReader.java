package org.flinkllama.operators.format;

import static org.flinkllama.operators.format.RecordValue.unreadable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificRecordBase;
import org.flinkllama.operators.reject.RecordRejectedException;
import org.flinkllama.schemas.v1.InputRecord;

/// Reads records in Avro's single-object encoding: the bytes C3 01, the little-endian CRC-64-AVRO fingerprint of
/// the schema, the record.
///
/// Lengths are checked against the bytes that are there before Avro reserves memory for them.
///
/// @param <T> the record's class, whose schema is not recursive
public final class SingleObjectReader<T extends SpecificRecordBase> {
    private static final int HEADER_BYTES = 10;
    private static final int MAGIC = 0xC301; // first byte C3

    private final Class<T> type;
    private final Schema schema;
    private final long fingerprint;
    private final String noun;

    /// @param noun what a record is called in messages, such as `document`
    public SingleObjectReader(Class<T> type, Schema schema, String noun) {
        this.type = type;
        this.schema = schema;
        this.fingerprint = SchemaNormalization.parsingFingerprint64(schema);
        this.noun = noun;
    }

    public T read(InputRecord record) throws RecordRejectedException {
        byte[] value = RecordValue.of(record, noun);
        requireHeader(ByteBuffer.wrap(value));
        try {
            int end = AvroLengths.check(schema, value, HEADER_BYTES);
            if (end != value.length) {
                throw unreadable("The " + noun + " ends after " + end + " bytes of " + value.length
                        + "; expected nothing behind it.");
            }
            BinaryDecoder decoder =
                    DecoderFactory.get().binaryDecoder(value, HEADER_BYTES, value.length - HEADER_BYTES, null);
            return new SpecificDatumReader<>(type).read(null, decoder);
        } catch (IOException | AvroRuntimeException e) {
            throw unreadable("The value can't be read as the Avro record '" + schema.getFullName()
                    + "'; it is damaged or cut off after " + value.length + " bytes.");
        }
    }

    private void requireHeader(ByteBuffer value) throws RecordRejectedException {
        if (value.remaining() < HEADER_BYTES || (value.getShort(0) & 0xFFFF) != MAGIC) {
            byte[] found = new byte[Math.min(2, value.remaining())];
            value.get(0, found);
            throw unreadable("The value has " + value.remaining() + " bytes and begins with '"
                    + HexFormat.of().formatHex(found) + "'; expected Avro's single-object encoding, which begins with "
                    + "'c301' and 8 bytes of fingerprint. Set the input format to JSON if the " + noun
                    + "s are JSON.");
        }
        long found = value.order(ByteOrder.LITTLE_ENDIAN).getLong(2);
        if (found != fingerprint) {
            throw unreadable("The value was written with the schema of fingerprint '"
                    + HexFormat.of().toHexDigits(found)
                    + "'; expected '" + HexFormat.of().toHexDigits(fingerprint) + "', the schema of '"
                    + schema.getFullName() + "'. Write with that schema.");
        }
    }
}
