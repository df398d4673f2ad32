package org.flinkllama.jobs.parquet;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.flink.api.common.serialization.BulkWriter;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.convert.GroupRecordConverter;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.flinkllama.jobs.archive.file.ColumnNames;
import org.flinkllama.jobs.archive.file.FileContent;
import org.flinkllama.jobs.archive.file.FileFormat;
import org.flinkllama.jobs.archive.output.ContainerFormat;
import org.flinkllama.jobs.archive.output.UnreadableContainerException;
import org.flinkllama.schemas.v1.Enrichment;

/// Parquet files of enrichments. They are joined row by row, because small row groups would stay small.
public final class ParquetContainers implements ContainerFormat {
    private static final String OBJECT_MODEL = "writer.model.name"; // which the library writes itself

    @Override
    public BulkWriter.Factory<Enrichment> writers() {
        return new EnrichmentFiles();
    }

    @Override
    public String schema(Path container) throws IOException {
        ParquetFile file = open(container);
        return file.schema() + new TreeMap<>(file.metadata()).toString();
    }

    @Override
    public void join(List<Path> parts, Path target) throws IOException {
        ParquetFile first = open(parts.getFirst());
        MessageType schema = first.schema();
        Map<String, String> metadata = new HashMap<>(first.metadata());
        metadata.remove(OBJECT_MODEL);
        try (ParquetWriter<Group> writer = ExampleParquetWriter.builder(new LocalOutputFile(target))
                .withType(schema)
                .withExtraMetaData(metadata)
                .withConf(EnrichmentFiles.configuration())
                .withCodecFactory(new PageCodecs())
                .withCompressionCodec(PageCodecs.WRITTEN)
                .withRowGroupSize(EnrichmentFiles.ROW_GROUP_BYTES)
                .build()) {
            for (Path part : parts) {
                each(open(part), schema, writer::write);
            }
        } catch (RuntimeException damaged) {
            throw new IOException(
                    "a file among '" + parts.getFirst() + "' to '" + parts.getLast() + "' is damaged ("
                            + damaged.getClass().getName() + ")",
                    damaged);
        }
        try (FileChannel written = FileChannel.open(target, StandardOpenOption.WRITE)) {
            written.force(true);
        }
    }

    private static ParquetFile open(Path container) throws IOException {
        try {
            return ParquetFile.open(new FileContent(
                    container.getFileName().toString(),
                    FileFormat.PARQUET,
                    ColumnNames.DEFAULT,
                    Files.size(container),
                    offset -> from(container, offset)));
        } catch (UnreadableParquetException damaged) {
            throw new IOException("'" + container + "': " + damaged.getMessage(), damaged);
        }
    }

    private static InputStream from(Path container, long offset) throws IOException {
        InputStream stream = Files.newInputStream(container);
        stream.skipNBytes(offset);
        return stream;
    }

    @FunctionalInterface
    private interface Taker {
        void take(Group row) throws IOException;
    }

    private static void each(ParquetFile file, MessageType columns, Taker taker) throws IOException {
        for (ParquetFile.RowGroup group : file.groups()) {
            try (Rows<Group> rows = file.rows(group, columns, new GroupRecordConverter(columns))) {
                for (Optional<Group> row = rows.next(); row.isPresent(); row = rows.next()) {
                    taker.take(row.get());
                }
            }
        }
    }

    @Override
    public void strings(FileContent container, String field, Consumer<String> values) throws IOException {
        try {
            ParquetFile file = ParquetFile.open(container);
            if (!file.schema().containsField(field) || !isString(file.schema().getType(field))) {
                throw new UnreadableContainerException("no field '" + field + "' with a string", null);
            }
            MessageType column =
                    new MessageType(file.schema().getName(), file.schema().getType(field));
            each(file, column, row -> values.accept(row.getString(0, 0)));
        } catch (UnreadableContainerException e) {
            throw e;
        } catch (RuntimeException damaged) {
            throw new UnreadableContainerException("a damaged Parquet file", damaged);
        }
    }

    private static boolean isString(Type type) {
        return type.isPrimitive()
                && type.isRepetition(Type.Repetition.REQUIRED)
                && type.asPrimitiveType().getPrimitiveTypeName() == PrimitiveTypeName.BINARY;
    }
}
