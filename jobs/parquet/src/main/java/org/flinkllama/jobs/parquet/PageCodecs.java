package org.flinkllama.jobs.parquet;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import net.jpountz.lz4.LZ4Exception;
import net.jpountz.lz4.LZ4Factory;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.xerial.snappy.Snappy;

/// How pages are compressed, without the codecs of Hadoop.
final class PageCodecs implements CompressionCodecFactory {
    /// Codec of the files that are written.
    static final CompressionCodecName WRITTEN = CompressionCodecName.ZSTD;

    private static final int LEVEL = 3;

    /// A page's bytes, decompressed: never more than `size`.
    static byte[] decompress(CompressionCodecName codec, byte[] page, int size) throws IOException {
        if (size == 0) {
            return new byte[0]; // of which some writers compress nothing
        }
        byte[] bytes =
                switch (codec) {
                    case UNCOMPRESSED -> page;
                    case SNAPPY -> snappy(page, size);
                    case GZIP -> whole(new GZIPInputStream(new ByteArrayInputStream(page)), size);
                    case ZSTD -> whole(new ZstdInputStream(new ByteArrayInputStream(page)), size);
                    case LZ4_RAW -> lz4(page, size);
                    case LZO, BROTLI, LZ4 ->
                        throw new UnreadableParquetException("Pages are compressed by " + codec
                                + "; expected no compression, SNAPPY, GZIP, ZSTD or LZ4_RAW. Write the file anew.");
                };
        if (bytes.length != size) {
            throw new IOException("A page has " + bytes.length + " bytes; expected " + size + ".");
        }
        return bytes;
    }

    private static byte[] snappy(byte[] page, int size) throws IOException {
        return Snappy.uncompressedLength(page) == size ? Snappy.uncompress(page) : new byte[0];
    }

    private static byte[] whole(InputStream stream, int size) throws IOException {
        try (stream) {
            return stream.readNBytes(size);
        }
    }

    private static byte[] lz4(byte[] page, int size) throws IOException {
        try {
            return LZ4Factory.safeInstance().safeDecompressor().decompress(page, size);
        } catch (LZ4Exception e) {
            throw new IOException(e);
        }
    }

    @Override
    public BytesInputDecompressor getDecompressor(CompressionCodecName codec) {
        throw new UnsupportedOperationException("Pages are decompressed where they are read.");
    }

    @Override
    public BytesInputCompressor getCompressor(CompressionCodecName codec) {
        if (codec != WRITTEN) {
            throw new IllegalArgumentException("Codec " + codec + " is not written; expected " + WRITTEN + ".");
        }
        return new Compressor();
    }

    @Override
    public void release() {}

    private record Compressor() implements BytesInputCompressor {
        @Override
        public BytesInput compress(BytesInput page) throws IOException {
            return BytesInput.from(Zstd.compress(page.toInputStream().readAllBytes(), LEVEL));
        }

        @Override
        public CompressionCodecName getCodecName() {
            return WRITTEN;
        }

        @Override
        public void release() {}
    }
}
