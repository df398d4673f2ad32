package org.flinkllama.jobs.archive.read;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.file.DataFileStream;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.flinkllama.jobs.archive.file.Cuts;
import org.flinkllama.jobs.archive.file.Entry;
import org.flinkllama.jobs.archive.file.FileContent;
import org.flinkllama.jobs.archive.file.RecordCursor;
import org.flinkllama.jobs.archive.file.Stretch;

/// The records of an Avro container. Each block is read for itself, so that a broken one costs its own records alone.
final class AvroCursor implements RecordCursor {
    private static final int KEPT_BYTES = 1 << 20;

    private final FileContent file;
    private final AvroBlocks blocks;
    private final AvroBlocks.Header header; // null where the file has none
    private long number;
    private boolean refused;
    private AvroBlocks.Block block;
    private long blockEnd; // number of the first record behind the block
    private AvroRecords records; // of the block; null where the next block is to be read

    private AvroCursor(FileContent file, AvroBlocks blocks, AvroBlocks.Header header, long number) {
        this.file = file;
        this.blocks = blocks;
        this.header = header;
        this.number = number;
    }

    static RecordCursor open(FileContent file, Stretch stretch) throws IOException {
        AvroBlocks blocks = new AvroBlocks(file.open());
        AvroBlocks.Header header = blocks.header().orElse(null);
        if (stretch.offset() == 0 && stretch.isWhole()) {
            return new AvroCursor(file, blocks, header, stretch.firstNumber());
        }
        blocks.close();
        AvroBlocks ofStretch = new AvroBlocks(file.open(stretch));
        if (stretch.offset() == 0) {
            ofStretch.header();
        }
        return new AvroCursor(file, ofStretch, header, stretch.firstNumber());
    }

    static List<Stretch> cut(FileContent file, long bytes) throws IOException {
        try (AvroBlocks blocks = new AvroBlocks(file.open())) {
            Optional<AvroBlocks.Header> header = blocks.header();
            if (header.isEmpty()) {
                return List.of(Stretch.whole());
            }
            Cuts cuts = new Cuts(bytes);
            long number = 1;
            for (Optional<AvroBlocks.Block> block = blocks.next(header.get());
                    block.isPresent();
                    block = blocks.next(header.get())) {
                number += numbers(block.get());
                cuts.recordEnds(block.get().behind(), number);
            }
            return cuts.stretches();
        }
    }

    /// Numbers that a block takes: one for each record, one at least for what is told of a broken block.
    private static long numbers(AvroBlocks.Block block) {
        return block.problem() == null ? block.records() : Math.max(1, block.records());
    }

    @Override
    public Optional<Entry> next() throws IOException {
        if (header == null) {
            return refuseFile(
                    "The file is no Avro container, which begins with 'Obj' and 01; or its header is cut off.");
        }
        while (!refused) {
            if (records == null && !openBlock()) {
                return Optional.empty();
            }
            if (records == null) {
                if (block.problem() == null) {
                    continue; // an empty block
                }
                return Optional.of(endBlock(block.problem()));
            }
            try {
                Optional<Entry> record = records.next(number);
                if (record.isPresent()) {
                    number++;
                    return record;
                }
                number = blockEnd;
                records = null;
            } catch (AvroRuntimeException | IOException | StackOverflowError broken) {
                return Optional.of(endBlock("Records " + number + " to " + (blockEnd - 1) + " can't be read ("
                        + broken.getClass().getName() + "); the block is damaged."));
            }
        }
        return Optional.empty();
    }

    /// @return false behind the last block
    private boolean openBlock() throws IOException {
        Optional<AvroBlocks.Block> next = blocks.next(header);
        if (next.isEmpty()) {
            return false;
        }
        block = next.get();
        blockEnd = number + numbers(block);
        if (block.problem() == null && block.records() > 0) {
            try (DataFileStream<Object> container = new DataFileStream<>(container(), new GenericDatumReader<>())) {
                ByteBuffer content = container.nextBlock();
                byte[] bytes = new byte[content.remaining()];
                content.get(bytes);
                records = new AvroRecords(file, container.getSchema(), bytes, block.records());
            } catch (AvroRuntimeException | IOException unreadable) {
                block = new AvroBlocks.Block(
                        block.records(),
                        block.bytes(),
                        "The block can't be opened (" + unreadable.getClass().getName()
                                + "); expected records of a schema, with a codec that Avro has.",
                        block.behind());
            }
        }
        return true;
    }

    /// The block as a container of its own.
    private InputStream container() throws IOException {
        ByteArrayOutputStream lengths = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(lengths, null);
        encoder.writeLong(block.records());
        encoder.writeLong(block.bytes().length);
        encoder.flush();
        return new SequenceInputStream(Collections.enumeration(List.of(
                new ByteArrayInputStream(header.bytes()),
                new ByteArrayInputStream(lengths.toByteArray()),
                new ByteArrayInputStream(block.bytes()),
                new ByteArrayInputStream(header.marker()))));
    }

    private Entry endBlock(String problem) {
        Entry entry = Entry.refused(number, block.bytes().length <= KEPT_BYTES ? block.bytes() : new byte[0], problem);
        number = blockEnd;
        records = null;
        return entry;
    }

    private Optional<Entry> refuseFile(String reason) {
        if (refused) {
            return Optional.empty();
        }
        refused = true;
        return Optional.of(Entry.refused(1, new byte[0], reason));
    }

    @Override
    public void close() throws IOException {
        blocks.close();
    }
}
