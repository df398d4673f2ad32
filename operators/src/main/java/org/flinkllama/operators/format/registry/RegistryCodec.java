package org.flinkllama.operators.format.registry;

import static org.flinkllama.operators.format.RecordValue.unreadable;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecordBase;
import org.flinkllama.operators.format.AvroLengths;
import org.flinkllama.operators.format.RecordValue;
import org.flinkllama.operators.format.registry.SchemaRegistry.Registered;
import org.flinkllama.operators.reject.RecordRejectedException;
import org.flinkllama.schemas.v1.InputRecord;

/// Records in Confluent's wire format: a zero byte, the big-endian id of the schema in the registry, the record.
///
/// Records are read by the schema that they were written with, resolved to ours by Avro's rules. An id that the
/// registry does not know, a schema that does not fit and a damaged record are the record's fault; a registry that
/// does not answer is not, and throws a [RegistryException]. Safe for use by many threads.
///
/// @param <T> the record's class, whose schema is not recursive
public final class RegistryCodec<T extends SpecificRecordBase> implements Serializable {
    private static final long serialVersionUID = 1L;

    private static final int HEADER_BYTES = 5;

    private final RegistryAccess access;
    private final Class<T> type;
    private final String noun;
    private final String subject;

    // -- runtime
    private transient SchemaRegistry registry;

    /// @param noun  what a record is called in messages, such as `document`
    /// @param topic whose values they are; its subject is called after it
    public RegistryCodec(RegistryAccess access, Class<T> type, String noun, String topic) {
        this.access = access;
        this.type = type;
        this.noun = noun;
        this.subject = topic + "-value";
    }

    /// Fails where the registry does not answer.
    public void requireRegistry() {
        registry().requireAnswer();
    }

    /// Makes sure that the registry knows the schema that is written.
    public void register() {
        registry().id(subject, schema());
    }

    public T read(InputRecord record) throws RecordRejectedException {
        byte[] value = RecordValue.of(record, noun);
        requireHeader(value);
        int id = ByteBuffer.wrap(value).getInt(1);
        return switch (registry().schema(id)) {
            case Registered.Usable(Schema written) -> read(value, id, written);
            case Registered.Unusable(String reason) ->
                throw unreadable("The " + noun + " was written with the schema of id " + id + ", which " + reason
                        + ". Write with a schema that is registered and fits '" + schema().getFullName() + "'.");
        };
    }

    private T read(byte[] value, int id, Schema written) throws RecordRejectedException {
        int end;
        try {
            end = AvroLengths.check(written, value, HEADER_BYTES);
        } catch (IOException | AvroRuntimeException e) {
            throw unreadable("The value can't be read by the Avro schema of id " + id
                    + "; it is damaged or cut off after " + value.length + " bytes.");
        }
        if (end != value.length) {
            throw unreadable("The " + noun + " ends after " + end + " bytes of " + value.length
                    + "; expected nothing behind it.");
        }
        try {
            BinaryDecoder decoder =
                    DecoderFactory.get().binaryDecoder(value, HEADER_BYTES, value.length - HEADER_BYTES, null);
            return new SpecificDatumReader<T>(written, schema(), SpecificData.getForClass(type)).read(null, decoder);
        } catch (IOException | AvroRuntimeException | ClassCastException e) {
            throw unreadable("The schema of id " + id + " does not fit '" + schema().getFullName()
                    + "', for example because a field is missing or of another type. Write with a schema that"
                    + " Avro can resolve to it.");
        }
    }

    private void requireHeader(byte[] value) throws RecordRejectedException {
        if (value.length < HEADER_BYTES || value[0] != 0) {
            throw unreadable("The value has " + value.length + " bytes and begins with '"
                    + HexFormat.of().formatHex(value, 0, Math.min(2, value.length))
                    + "'; expected the wire format of a schema registry, which begins with '00' and 4 bytes of schema"
                    + " id. Leave out the schema registry if the " + noun + "s are in another format.");
        }
    }

    /// @throws RegistryException where the registry can't be asked for the schema's id
    public byte[] write(T value) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int id = registry().id(subject, schema());
        bytes.writeBytes(
                ByteBuffer.allocate(HEADER_BYTES).put((byte) 0).putInt(id).array());
        try {
            BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(bytes, null);
            new SpecificDatumWriter<>(type).write(value, encoder);
            encoder.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private Schema schema() {
        return SpecificData.get().getSchema(type);
    }

    private synchronized SchemaRegistry registry() {
        if (registry == null) {
            registry = new SchemaRegistry(RegistryRequests.usual(access));
        }
        return registry;
    }
}
