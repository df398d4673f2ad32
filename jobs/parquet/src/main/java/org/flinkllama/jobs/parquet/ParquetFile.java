package org.flinkllama.jobs.parquet;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.parquet.format.converter.ParquetMetadataConverter;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;
import org.apache.parquet.io.api.RecordMaterializer;
import org.apache.parquet.schema.MessageType;
import org.flinkllama.jobs.archive.file.Compression;
import org.flinkllama.jobs.archive.file.FileContent;

/// A file by its footer, which was found to fit the file's length.
final class ParquetFile {
    private static final String MAGIC = "PAR1";
    private static final String ENCRYPTED = "PARE";
    private static final int MARK_BYTES = 4;
    private static final int TAIL_BYTES = 2 * MARK_BYTES; // the footer's length and the mark
    private static final int MAX_FOOTER_BYTES = 64 << 20;

    private final FileContent content;
    private final ParquetMetadata footer;
    private final List<RowGroup> groups;

    /// Rows that are stored together.
    ///
    /// @param start       offset of the first byte
    /// @param firstNumber number of the first row in the file, from 1
    record RowGroup(long start, long firstNumber, long rows, List<ColumnChunkMetaData> columns) {}

    private ParquetFile(FileContent content, ParquetMetadata footer) {
        this.content = content;
        this.footer = footer;
        this.groups = groups(footer.getBlocks(), content.size());
    }

    /// Reads a file's footer.
    ///
    /// @throws UnreadableParquetException where there is none
    static ParquetFile open(FileContent content) throws IOException {
        if (content.compression() != Compression.NONE) {
            throw new UnreadableParquetException("The file is compressed as a whole; expected a Parquet file as it is"
                    + " written, which is compressed inside. Decompress it.");
        }
        byte[] footer = footer(content);
        try {
            return new ParquetFile(
                    content,
                    new ParquetMetadataConverter()
                            .readParquetMetadata(new ByteArrayInputStream(footer), ParquetMetadataConverter.NO_FILTER));
        } catch (IOException | RuntimeException | StackOverflowError damaged) {
            throw new UnreadableParquetException("The file's footer can't be read ("
                    + damaged.getClass().getName() + "); the file is damaged. Write it anew.");
        }
    }

    private static byte[] footer(FileContent content) throws IOException {
        long size = content.size();
        if (size < MARK_BYTES + TAIL_BYTES
                || !text(read(content, 0, MARK_BYTES)).startsWith("PAR")) {
            throw new UnreadableParquetException("The file is no Parquet file, which begins and ends with '" + MAGIC
                    + "'. Say what it is by --input-format.");
        }
        byte[] tail = read(content, size - TAIL_BYTES, TAIL_BYTES);
        String mark = text(tail).substring(MARK_BYTES);
        if (mark.equals(ENCRYPTED)) {
            throw new UnreadableParquetException("The file's footer is encrypted; expected a plain one. Decrypt it.");
        }
        if (!mark.equals(MAGIC)) {
            throw new UnreadableParquetException("The file begins as a Parquet file and doesn't end with '" + MAGIC
                    + "'; it is cut off, and no row can be found without its end. Write it anew.");
        }
        int length = ByteBuffer.wrap(tail).order(ByteOrder.LITTLE_ENDIAN).getInt();
        long most = Math.min(MAX_FOOTER_BYTES, size - MARK_BYTES - TAIL_BYTES);
        if (length <= 0 || length > most) {
            throw new UnreadableParquetException("The file's footer says that it has " + length
                    + " bytes, of a file of " + size + "; expected 1 to " + most
                    + ". The file is damaged; write it anew.");
        }
        byte[] footer = read(content, size - TAIL_BYTES - length, length);
        if (!FooterLengths.fit(footer)) {
            throw new UnreadableParquetException("The file's footer of " + length
                    + " bytes holds something longer than itself; the file is damaged. Write it anew.");
        }
        return footer;
    }

    private static byte[] read(FileContent content, long offset, int length) throws IOException {
        try (InputStream stream = content.bytes().open(offset)) {
            byte[] bytes = stream.readNBytes(length);
            if (bytes.length < length) {
                throw new IOException("'" + content.name() + "' has become shorter while it was read.");
            }
            return bytes;
        }
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static List<RowGroup> groups(List<BlockMetaData> blocks, long fileSize) {
        List<RowGroup> groups = new ArrayList<>();
        long number = 1;
        for (BlockMetaData block : blocks) {
            for (ColumnChunkMetaData chunk : block.getColumns()) {
                long size = chunk.getTotalSize();
                if (size < 0 || chunk.getStartingPos() < MARK_BYTES || chunk.getStartingPos() > fileSize - size) {
                    throw new IllegalArgumentException("A column stands outside the file.");
                }
            }
            if (block.getPath() != null || block.getRowCount() < 0) {
                throw new IllegalArgumentException(
                        "A row group has " + block.getRowCount() + " rows, or its own file.");
            }
            if (block.getRowCount() > 0) {
                groups.add(new RowGroup(block.getStartingPos(), number, block.getRowCount(), block.getColumns()));
                number = Math.addExact(number, block.getRowCount());
            }
        }
        return groups;
    }

    MessageType schema() {
        return footer.getFileMetaData().getSchema();
    }

    Map<String, String> metadata() {
        return footer.getFileMetaData().getKeyValueMetaData();
    }

    /// The row groups that have rows.
    List<RowGroup> groups() {
        return groups;
    }

    /// Goes over the rows of a group, with some of the columns. What is damaged throws any runtime exception.
    ///
    /// @throws IOException where the file can't be read at all
    <T> Rows<T> rows(RowGroup group, MessageType columns, RecordMaterializer<T> materializer) throws IOException {
        return Rows.open(
                content, group, columns, materializer, footer.getFileMetaData().getCreatedBy());
    }
}
