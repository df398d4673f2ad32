package org.flinkllama.model.gguf;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.flinkllama.model.tensor.RowEncoder;

/// Writes a GGUF v3 file in one pass: metadata and plan first, then the tensors' contents in the order of the plan,
/// in pieces of any size. The file stands under its name only after [#finish()]; closed before, it leaves nothing.
///
/// Owned by one thread.
public final class GgufWriter implements AutoCloseable {
    private static final int LARGEST_WRITE = 1 << 24;

    private final Path file;
    private final Path unfinished;
    private final FileChannel channel;
    private final List<TensorPlan> tensors;
    private final int alignment;
    private int current;
    private long remaining; // bytes of the current tensor

    private GgufWriter(Path file, Path unfinished, FileChannel channel, List<TensorPlan> tensors, int alignment) {
        this.file = file;
        this.unfinished = unfinished;
        this.channel = channel;
        this.tensors = List.copyOf(tensors);
        this.alignment = alignment;
        this.remaining = tensors.isEmpty() ? 0 : tensors.getFirst().bytes();
    }

    /// Starts a file; one that exists is replaced by [#finish()]. `general.alignment` of the metadata holds.
    public static GgufWriter create(Path file, GgufMetadata metadata, List<TensorPlan> tensors) throws IOException {
        int alignment = GgufFile.alignment(String.valueOf(file.getFileName()), metadata);
        byte[] header = HeaderEncoder.encode(metadata, tensors, alignment);
        Path unfinished = file.resolveSibling(file.getFileName() + ".part");
        FileChannel channel = FileChannel.open(
                unfinished, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);
        GgufWriter writer = new GgufWriter(file, unfinished, channel, tensors, alignment);
        try {
            writer.put(MemorySegment.ofArray(header));
        } catch (IOException e) {
            writer.close();
            throw e;
        }
        return writer;
    }

    /// Appends values to the current tensor in its type: one or more whole blocks, not beyond the tensor's end.
    public void write(float[] values) throws IOException {
        TensorPlan tensor = currentTensor();
        MemorySegment bytes =
                MemorySegment.ofArray(new byte[Math.toIntExact(tensor.type().rowBytes(values.length))]);
        RowEncoder.encode(tensor.type(), values, bytes);
        write(bytes);
    }

    /// Appends bytes to the current tensor as they are, not beyond the tensor's end.
    public void write(MemorySegment bytes) throws IOException {
        TensorPlan tensor = currentTensor();
        if (bytes.byteSize() > remaining) {
            throw new IllegalArgumentException("Got " + bytes.byteSize() + " bytes for tensor '" + tensor.name()
                    + "', which lacks " + remaining + " of its " + tensor.bytes() + " bytes.");
        }
        put(bytes);
        remaining -= bytes.byteSize();
        if (remaining == 0) {
            long padding = HeaderEncoder.align(tensor.bytes(), alignment) - tensor.bytes();
            put(MemorySegment.ofArray(new byte[(int) padding]));
            current++;
            remaining = current < tensors.size() ? tensors.get(current).bytes() : 0;
        }
    }

    private TensorPlan currentTensor() {
        if (current == tensors.size()) {
            throw new IllegalStateException("All " + current + " tensors of " + file + " are written.");
        }
        return tensors.get(current);
    }

    private void put(MemorySegment bytes) throws IOException {
        for (long at = 0; at < bytes.byteSize(); at += LARGEST_WRITE) {
            ByteBuffer piece = bytes.asSlice(at, Math.min(LARGEST_WRITE, bytes.byteSize() - at))
                    .asByteBuffer();
            while (piece.hasRemaining()) {
                channel.write(piece);
            }
        }
    }

    /// Gives the file its name. All tensors must be written.
    public void finish() throws IOException {
        if (current < tensors.size()) {
            throw new IllegalStateException("Tensor '" + tensors.get(current).name() + "' of " + file + " lacks "
                    + remaining + " of its " + tensors.get(current).bytes() + " bytes.");
        }
        channel.close();
        Files.move(unfinished, file, StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public void close() throws IOException {
        channel.close();
        Files.deleteIfExists(unfinished);
    }
}
