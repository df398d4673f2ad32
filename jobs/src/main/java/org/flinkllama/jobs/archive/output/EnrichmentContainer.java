package org.flinkllama.jobs.archive.output;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import org.apache.avro.file.CodecFactory;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.flink.api.common.serialization.BulkWriter;
import org.apache.flink.core.fs.FSDataOutputStream;
import org.flinkllama.operators.format.EnrichmentWriter;
import org.flinkllama.operators.format.RecordFormat;
import org.flinkllama.schemas.v1.Enrichment;

/// Avro containers of enrichments, compressed by deflate, which every reader of Avro knows.
final class EnrichmentContainer implements BulkWriter.Factory<Enrichment> {
    private static final long serialVersionUID = 1L;
    private static final int SINGLE_OBJECT_HEADER_BYTES = 10;

    private final EnrichmentWriter writer = RecordFormat.AVRO.enrichmentWriter();

    @Override
    public BulkWriter<Enrichment> create(FSDataOutputStream stream) throws IOException {
        DataFileWriter<Enrichment> container = new DataFileWriter<>(new SpecificDatumWriter<>(Enrichment.class));
        container.setCodec(CodecFactory.deflateCodec(6));
        container.create(Enrichment.getClassSchema(), new Unclosed(stream));
        return new BulkWriter<>() {
            @Override
            public void addElement(Enrichment enrichment) throws IOException {
                byte[] encoded = writer.write(enrichment);
                container.appendEncoded(ByteBuffer.wrap(
                        encoded, SINGLE_OBJECT_HEADER_BYTES, encoded.length - SINGLE_OBJECT_HEADER_BYTES));
            }

            @Override
            public void flush() throws IOException {
                container.flush();
            }

            @Override
            public void finish() throws IOException {
                container.close();
            }
        };
    }

    /// The sink closes its stream itself, when it has committed the file.
    private static final class Unclosed extends FilterOutputStream {
        Unclosed(OutputStream stream) {
            super(stream);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
        }

        @Override
        public void close() throws IOException {
            flush();
        }
    }
}
