package org.flinkllama.jobs.parquet;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import net.jpountz.lz4.LZ4Factory;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificData;
import org.apache.parquet.avro.AvroParquetWriter;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.ParquetProperties.WriterVersion;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.schema.MessageType;
import org.flinkllama.jobs.archive.file.ColumnNames;
import org.flinkllama.jobs.archive.file.Entry;
import org.flinkllama.jobs.archive.file.FileContent;
import org.flinkllama.jobs.archive.file.FileFormat;
import org.flinkllama.jobs.archive.file.RecordCursor;
import org.flinkllama.jobs.archive.file.Stretch;
import org.flinkllama.schemas.v1.Document;
import org.xerial.snappy.Snappy;

/// Parquet files as other programs write them, and what is read of them.
///
/// @param codec         of the pages
/// @param version       of the pages
/// @param oldLists      whether lists have the shape that old writers give them
/// @param rowGroupBytes about
record Written(CompressionCodecName codec, WriterVersion version, boolean oldLists, long rowGroupBytes) {
    static final Written USUAL = new Written(CompressionCodecName.SNAPPY, WriterVersion.PARQUET_1_0, false, 1 << 20);

    byte[] documents(Path folder, List<Document> documents) throws IOException {
        Path file = folder.resolve("written-" + System.nanoTime() + ".parquet");
        Schema schema = Document.getClassSchema();
        PlainParquetConfiguration configuration = new PlainParquetConfiguration();
        configuration.setBoolean("parquet.avro.write-old-list-structure", oldLists);
        try (ParquetWriter<Document> writer = AvroParquetWriter.<Document>builder(new LocalOutputFile(file))
                .withSchema(schema)
                .withDataModel(SpecificData.getForClass(Document.class))
                .withConf(configuration)
                .withCodecFactory(new TestCodecs())
                .withCompressionCodec(codec)
                .withWriterVersion(version)
                .withRowGroupSize(rowGroupBytes)
                .withPageSize(512)
                .build()) {
            for (Document document : documents) {
                writer.write(document);
            }
        }
        return Files.readAllBytes(file);
    }

    byte[] rows(Path folder, MessageType schema, List<? extends Group> rows) throws IOException {
        Path file = folder.resolve("written-" + System.nanoTime() + ".parquet");
        try (ParquetWriter<Group> writer = ExampleParquetWriter.builder(new LocalOutputFile(file))
                .withType(schema)
                .withConf(new PlainParquetConfiguration())
                .withCodecFactory(new TestCodecs())
                .withCompressionCodec(codec)
                .withWriterVersion(version)
                .build()) {
            for (Group row : rows) {
                writer.write(row);
            }
        }
        return Files.readAllBytes(file);
    }

    static FileContent file(byte[] bytes) {
        return file("a.parquet", ColumnNames.DEFAULT, bytes);
    }

    static FileContent file(String name, ColumnNames columns, byte[] bytes) {
        return new FileContent(name, FileFormat.PARQUET, columns, bytes.length, offset -> {
            ByteArrayInputStream stream = new ByteArrayInputStream(bytes);
            stream.skipNBytes(offset);
            return stream;
        });
    }

    static List<Entry> entries(FileContent file) throws IOException {
        return entries(file, Stretch.whole());
    }

    static List<Entry> entries(FileContent file, Stretch stretch) throws IOException {
        List<Entry> entries = new ArrayList<>();
        try (RecordCursor cursor = new ParquetRecords().open(file, stretch)) {
            for (Optional<Entry> next = cursor.next(); next.isPresent(); next = cursor.next()) {
                entries.add(next.get());
            }
        }
        return entries;
    }

    private static final class TestCodecs implements CompressionCodecFactory {
        @Override
        public BytesInputCompressor getCompressor(CompressionCodecName codec) {
            return new BytesInputCompressor() {
                @Override
                public BytesInput compress(BytesInput page) throws IOException {
                    return BytesInput.from(
                            TestCodecs.compress(codec, page.toInputStream().readAllBytes()));
                }

                @Override
                public CompressionCodecName getCodecName() {
                    return codec;
                }

                @Override
                public void release() {}
            };
        }

        private static byte[] compress(CompressionCodecName codec, byte[] page) throws IOException {
            return switch (codec) {
                case SNAPPY -> Snappy.compress(page);
                case GZIP -> {
                    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                    try (OutputStream stream = new GZIPOutputStream(bytes)) {
                        stream.write(page);
                    }
                    yield bytes.toByteArray();
                }
                case ZSTD -> Zstd.compress(page);
                case LZ4_RAW -> LZ4Factory.safeInstance().fastCompressor().compress(page);
                case UNCOMPRESSED, LZO, BROTLI, LZ4 -> page;
            };
        }

        @Override
        public BytesInputDecompressor getDecompressor(CompressionCodecName codec) {
            throw new UnsupportedOperationException("Nothing is read.");
        }

        @Override
        public void release() {}
    }
}
