package org.flinkllama.jobs.parquet;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.zip.CRC32;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.page.DataPage;
import org.apache.parquet.column.page.DataPageV1;
import org.apache.parquet.column.page.DataPageV2;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.page.PageReader;
import org.apache.parquet.format.DataPageHeader;
import org.apache.parquet.format.DataPageHeaderV2;
import org.apache.parquet.format.DictionaryPageHeader;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.PageType;
import org.apache.parquet.format.Util;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.flinkllama.jobs.archive.file.FileContent;

/// The pages of one column of a row group, read one after the other as they are asked for, so that no more than one
/// of them and the dictionary is in memory. Damage throws any runtime exception, storage that does not answer a
/// [StorageFailure].
final class ColumnPages implements PageReader, Closeable {
    private static final int BUFFER_BYTES = 1 << 16;

    private final ColumnChunkMetaData chunk;
    private final PageLimits limits;
    private final InputStream stream;
    private long left; // bytes of the chunk
    private PageHeader ahead; // read already; null where the next one is to be read

    /// Storage that can't be read, to be told from a damaged file.
    static final class StorageFailure extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final IOException failure;

        StorageFailure(IOException failure) {
            super(failure);
            this.failure = failure;
        }

        IOException failure() {
            return failure;
        }
    }

    /// @param chunk which stands inside the file
    ColumnPages(FileContent file, ColumnDescriptor column, ColumnChunkMetaData chunk) throws IOException {
        this.chunk = chunk;
        this.limits = new PageLimits(column);
        this.left = chunk.getTotalSize();
        this.stream = new BufferedInputStream(new Stored(file.bytes().open(chunk.getStartingPos())), BUFFER_BYTES);
    }

    @Override
    public long getTotalValueCount() {
        return chunk.getValueCount();
    }

    @Override
    public DictionaryPage readDictionaryPage() {
        try {
            PageHeader header = nextHeader();
            if (header.getType() != PageType.DICTIONARY_PAGE) {
                ahead = header;
                return null;
            }
            byte[] bytes = page(header);
            DictionaryPageHeader dictionary = header.getDictionary_page_header();
            byte[] values = PageCodecs.decompress(chunk.getCodec(), bytes, header.getUncompressed_page_size());
            limits.checkDictionary(dictionary.getNum_values(), values.length);
            return new DictionaryPage(
                    BytesInput.from(values), dictionary.getNum_values(), encoding(dictionary.getEncoding()));
        } catch (IOException damaged) {
            throw new IllegalArgumentException(damaged);
        }
    }

    @Override
    public DataPage readPage() {
        try {
            while (true) {
                PageHeader header = nextHeader();
                byte[] bytes = page(header);
                switch (header.getType()) {
                    case DATA_PAGE -> {
                        return first(header, bytes);
                    }
                    case DATA_PAGE_V2 -> {
                        return second(header, bytes);
                    }
                    case DICTIONARY_PAGE, INDEX_PAGE -> {} // not among the data
                }
            }
        } catch (IOException damaged) {
            throw new IllegalArgumentException(damaged);
        }
    }

    private DataPageV1 first(PageHeader header, byte[] bytes) throws IOException {
        DataPageHeader data = header.getData_page_header();
        int size = header.getUncompressed_page_size();
        byte[] page = PageCodecs.decompress(chunk.getCodec(), bytes, size);
        Encoding values = encoding(data.getEncoding());
        Encoding repetition = encoding(data.getRepetition_level_encoding());
        Encoding definition = encoding(data.getDefinition_level_encoding());
        limits.checkPage(page, data.getNum_values(), new PageLimits.Encodings(repetition, definition, values));
        return new DataPageV1(BytesInput.from(page), data.getNum_values(), size, null, repetition, definition, values);
    }

    private DataPageV2 second(PageHeader header, byte[] bytes) throws IOException {
        DataPageHeaderV2 data = header.getData_page_header_v2();
        int repetition = data.getRepetition_levels_byte_length();
        int definition = data.getDefinition_levels_byte_length();
        if (repetition < 0 || definition < 0 || repetition > bytes.length - definition) {
            throw new IOException("The levels of a page are longer than the page.");
        }
        int levels = repetition + definition;
        byte[] stored = Arrays.copyOfRange(bytes, levels, bytes.length);
        byte[] values = data.isIs_compressed()
                ? PageCodecs.decompress(chunk.getCodec(), stored, header.getUncompressed_page_size() - levels)
                : stored;
        Encoding encoding = encoding(data.getEncoding());
        limits.checkLevels(bytes, repetition, definition, data.getNum_values());
        limits.checkValues(values, 0, data.getNum_values(), encoding);
        return DataPageV2.uncompressed(
                data.getNum_rows(),
                data.getNum_nulls(),
                data.getNum_values(),
                BytesInput.from(bytes, 0, repetition),
                BytesInput.from(bytes, repetition, definition),
                encoding,
                BytesInput.from(values),
                null);
    }

    private PageHeader nextHeader() throws IOException {
        if (ahead != null) {
            PageHeader header = ahead;
            ahead = null;
            return header;
        }
        PageHeader header = Util.readPageHeader(new Limited());
        if (header.getCompressed_page_size() < 0
                || header.getCompressed_page_size() > left
                || header.getUncompressed_page_size() < 0
                || Math.max(header.getCompressed_page_size(), header.getUncompressed_page_size())
                        > PageLimits.MAX_PAGE_BYTES) {
            throw new UnreadableParquetException("A page says that it has " + header.getCompressed_page_size()
                    + " bytes, decompressed " + header.getUncompressed_page_size() + "; expected at most "
                    + PageLimits.MAX_PAGE_BYTES + ", inside the column. Write the file anew.");
        }
        return header;
    }

    /// The page's bytes as they are stored.
    private byte[] page(PageHeader header) throws IOException {
        byte[] bytes = stream.readNBytes(header.getCompressed_page_size());
        left -= bytes.length;
        if (bytes.length < header.getCompressed_page_size()) {
            throw new EOFException();
        }
        CRC32 sum = new CRC32();
        sum.update(bytes);
        if (header.isSetCrc() && header.getCrc() != (int) sum.getValue()) {
            throw new IOException("A page's checksum is not that of its bytes.");
        }
        return bytes;
    }

    private static Encoding encoding(org.apache.parquet.format.Encoding encoding) {
        return Encoding.valueOf(encoding.name());
    }

    @Override
    public void close() throws IOException {
        stream.close();
    }

    /// What is left of the chunk.
    private final class Limited extends InputStream {
        @Override
        public int read() throws IOException {
            if (left == 0) {
                return -1;
            }
            int read = stream.read();
            left -= read < 0 ? 0 : 1;
            return read;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            if (left == 0 && length > 0) {
                return -1;
            }
            int read = stream.read(bytes, offset, (int) Math.min(length, left));
            left -= Math.max(0, read);
            return read;
        }
    }

    /// Makes failures of the storage known as such.
    private static final class Stored extends InputStream {
        private final InputStream stream;

        Stored(InputStream stream) {
            this.stream = stream;
        }

        @Override
        public int read() {
            byte[] single = new byte[1];
            return read(single, 0, 1) < 0 ? -1 : single[0] & 0xFF;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) {
            try {
                return stream.read(bytes, offset, length);
            } catch (IOException e) {
                throw new StorageFailure(e);
            }
        }

        @Override
        public void close() throws IOException {
            stream.close();
        }
    }
}
