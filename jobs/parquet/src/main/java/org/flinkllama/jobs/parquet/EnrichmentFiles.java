package org.flinkllama.jobs.parquet;

import java.io.IOException;
import org.apache.avro.specific.SpecificData;
import org.apache.flink.api.common.serialization.BulkWriter;
import org.apache.flink.core.fs.FSDataOutputStream;
import org.apache.parquet.avro.AvroParquetWriter;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;
import org.flinkllama.operators.format.AvroEnrichmentWriter;
import org.flinkllama.schemas.v1.Enrichment;

/// Writes enrichments to Parquet files, fields of the same names as in Avro.
final class EnrichmentFiles implements BulkWriter.Factory<Enrichment> {
    private static final long serialVersionUID = 1L;

    /// Bytes of a row group, which are in memory until it is written.
    static final long ROW_GROUP_BYTES = 32L << 20;

    @Override
    public BulkWriter<Enrichment> create(FSDataOutputStream stream) throws IOException {
        ParquetWriter<Enrichment> file = AvroParquetWriter.<Enrichment>builder(new Unclosed(stream))
                .withSchema(Enrichment.getClassSchema())
                .withDataModel(SpecificData.getForClass(Enrichment.class))
                .withConf(configuration())
                .withCodecFactory(new PageCodecs())
                .withCompressionCodec(PageCodecs.WRITTEN)
                .withRowGroupSize(ROW_GROUP_BYTES)
                .build();
        return new BulkWriter<>() {
            @Override
            public void addElement(Enrichment enrichment) throws IOException {
                file.write(AvroEnrichmentWriter.inOrder(enrichment));
            }

            @Override
            public void flush() {} // rows are kept until their group is full

            @Override
            public void finish() throws IOException {
                file.close();
            }
        };
    }

    /// Lists in the shape that the format's rules ask for.
    static PlainParquetConfiguration configuration() {
        PlainParquetConfiguration configuration = new PlainParquetConfiguration();
        configuration.setBoolean("parquet.avro.write-old-list-structure", false);
        return configuration;
    }

    /// The sink closes its stream itself, when it has committed the file.
    private record Unclosed(FSDataOutputStream stream) implements OutputFile {
        @Override
        public PositionOutputStream create(long blockSizeHint) {
            return new PositionOutputStream() {
                @Override
                public long getPos() throws IOException {
                    return stream.getPos();
                }

                @Override
                public void write(int letter) throws IOException {
                    stream.write(letter);
                }

                @Override
                public void write(byte[] bytes, int offset, int length) throws IOException {
                    stream.write(bytes, offset, length);
                }

                @Override
                public void flush() throws IOException {
                    stream.flush();
                }
            };
        }

        @Override
        public PositionOutputStream createOrOverwrite(long blockSizeHint) {
            return create(blockSizeHint);
        }

        @Override
        public boolean supportsBlockSize() {
            return false;
        }

        @Override
        public long defaultBlockSize() {
            return 0;
        }
    }
}
