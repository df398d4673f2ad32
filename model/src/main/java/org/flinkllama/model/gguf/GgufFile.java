package org.flinkllama.model.gguf;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.flinkllama.model.tensor.WeightMatrix;

/// A model file, mapped read-only: its metadata and its tensors. The file must not be changed while it is mapped.
///
/// The mapping lives as long as the arena that it was opened with. Safe for use by many threads.
public final class GgufFile {
    private static final int DEFAULT_ALIGNMENT = 32;
    private static final int SMALLEST_ALIGNMENT = 8;
    private static final int LARGEST_ALIGNMENT = 1 << 16;
    private static final int HASH_BUFFER_BYTES = 1 << 20;

    private final String file;
    private final long bytes;
    private final GgufMetadata metadata;
    private final Map<String, GgufTensor> tensors;

    private GgufFile(String file, long bytes, GgufMetadata metadata, Map<String, GgufTensor> tensors) {
        this.file = file;
        this.bytes = bytes;
        this.metadata = metadata;
        this.tensors = Collections.unmodifiableMap(tensors);
    }

    /// Maps a file and checks all of it but the weights. Throws [GgufException] for a file that is no usable GGUF
    /// file, `IOException` for one that can't be read.
    public static GgufFile open(Path file, Arena arena) throws IOException {
        String name = String.valueOf(file.getFileName());
        if (Files.isDirectory(file)) {
            throw new GgufException("'" + file + "' is a directory; expected a GGUF file. Name the file in it.");
        }
        MemorySegment bytes;
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
        }
        return read(name, bytes);
    }

    /// As [#open(Path, Arena)], from bytes that are in memory already.
    static GgufFile read(String name, MemorySegment bytes) {
        HeaderCursor cursor = new HeaderCursor(name, bytes);
        HeaderReader header = new HeaderReader(cursor);
        GgufMetadata metadata = header.metadata();
        checkNotSplit(name, metadata);
        int alignment = alignment(name, metadata);
        List<HeaderReader.Entry> entries = header.directory();
        long dataStart = (cursor.position() + alignment - 1) / alignment * alignment;
        TensorDirectory directory = new TensorDirectory(name, bytes, dataStart, alignment);
        return new GgufFile(name, bytes.byteSize(), metadata, directory.tensors(entries));
    }

    private static void checkNotSplit(String name, GgufMetadata metadata) {
        int parts = metadata.count("split.count").orElse(0);
        if (parts > 1) {
            throw new GgufException(name + " is one of " + parts
                    + " parts of a split model; expected one file. Merge the parts with 'llama-gguf-split --merge'.");
        }
    }

    static int alignment(String name, GgufMetadata metadata) {
        int alignment = metadata.count("general.alignment").orElse(DEFAULT_ALIGNMENT);
        if (alignment < SMALLEST_ALIGNMENT || alignment > LARGEST_ALIGNMENT || Integer.bitCount(alignment) != 1) {
            throw new GgufException(name + " has 'general.alignment' " + alignment + "; expected a power of two from "
                    + SMALLEST_ALIGNMENT + " to " + LARGEST_ALIGNMENT + ". Convert the model again.");
        }
        return alignment;
    }

    public GgufMetadata metadata() {
        return metadata;
    }

    /// All tensors by name, in the order of the file's directory.
    public Map<String, GgufTensor> tensors() {
        return tensors;
    }

    /// Size of the file.
    public long bytes() {
        return bytes;
    }

    /// A tensor that the model can't do without, as a matrix; a vector is a matrix of one row.
    public WeightMatrix matrix(String name) {
        return find(name)
                .orElseThrow(() -> new GgufException("Tensor '" + name + "' is missing from " + file + ", which has "
                        + tensors.size() + " tensors. The file is no Llama model or is incomplete; convert or download"
                        + " it again."));
    }

    /// A tensor that the model can do without, as a matrix; a vector is a matrix of one row.
    public Optional<WeightMatrix> find(String name) {
        return Optional.ofNullable(tensors.get(name)).map(this::matrix);
    }

    private WeightMatrix matrix(GgufTensor tensor) {
        long[] dimensions = tensor.dimensions();
        long columns = dimensions[0];
        long rows = dimensions.length > 1 ? dimensions[1] : 1;
        boolean flat = true;
        for (int dimension = 2; dimension < dimensions.length; dimension++) {
            flat &= dimensions[dimension] == 1;
        }
        if (!flat || columns > Integer.MAX_VALUE || rows > Integer.MAX_VALUE) {
            throw new GgufException("Tensor '" + tensor.name() + "' in " + file + " has dimensions "
                    + Arrays.toString(dimensions)
                    + "; expected one or two of at most " + Integer.MAX_VALUE + ". The file is no Llama model.");
        }
        return new WeightMatrix(tensor.name(), tensor.type(), (int) rows, (int) columns, tensor.data());
    }

    /// SHA-256 of a file's bytes in lower-case hexadecimal.
    public static String sha256(Path file) throws IOException {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("This Java has no SHA-256, which every Java must have.", e);
        }
        byte[] buffer = new byte[HASH_BUFFER_BYTES];
        try (InputStream input = Files.newInputStream(file)) {
            for (int length = input.read(buffer); length >= 0; length = input.read(buffer)) {
                digest.update(buffer, 0, length);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
