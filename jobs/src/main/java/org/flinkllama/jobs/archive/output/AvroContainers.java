package org.flinkllama.jobs.archive.output;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.file.CodecFactory;
import org.apache.avro.file.DataFileConstants;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.file.DataFileStream;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.flink.api.common.serialization.BulkWriter;
import org.flinkllama.jobs.archive.file.FileContent;
import org.flinkllama.schemas.v1.Enrichment;

/// Avro containers, joined block by block.
final class AvroContainers implements ContainerFormat {
    @Override
    public BulkWriter.Factory<Enrichment> writers() {
        return new EnrichmentContainer();
    }

    @Override
    public String schema(Path container) throws IOException {
        try (DataFileReader<GenericRecord> reader = open(container)) {
            return reader.getSchema().toString();
        }
    }

    @Override
    public void join(List<Path> parts, Path target) throws IOException {
        try (DataFileWriter<GenericRecord> writer = new DataFileWriter<>(new GenericDatumWriter<>())) {
            boolean created = false;
            for (Path part : parts) {
                try (DataFileReader<GenericRecord> reader = open(part)) {
                    if (!created) {
                        writer.setCodec(codec(reader));
                        writer.create(reader.getSchema(), target.toFile());
                        created = true;
                    }
                    writer.appendAllFrom(reader, false);
                }
            }
            writer.fSync();
        }
    }

    private static DataFileReader<GenericRecord> open(Path container) throws IOException {
        return new DataFileReader<>(container.toFile(), new GenericDatumReader<>());
    }

    private static CodecFactory codec(DataFileReader<GenericRecord> reader) {
        String name = reader.getMetaString(DataFileConstants.CODEC);
        return name == null ? CodecFactory.nullCodec() : CodecFactory.fromString(name);
    }

    @Override
    public void strings(FileContent container, String field, Consumer<String> values) throws IOException {
        try (InputStream stream = container.open();
                DataFileStream<GenericRecord> records = new DataFileStream<>(stream, new GenericDatumReader<>())) {
            if (records.getSchema().getField(field) == null) {
                throw new UnreadableContainerException("no field '" + field + "'", null);
            }
            for (GenericRecord record : records) {
                values.accept(record.get(field).toString());
            }
        } catch (AvroRuntimeException broken) {
            throw new UnreadableContainerException("a damaged container", broken);
        }
    }
}
