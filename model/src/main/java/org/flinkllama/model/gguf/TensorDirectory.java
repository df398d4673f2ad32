package org.flinkllama.model.gguf;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.flinkllama.model.tensor.TensorType;

/// Checks the entries of the tensor directory against each other and against the data section, and slices the
/// tensors out of it.
final class TensorDirectory {
    private record Placed(String name, long offset, long length) {}

    private final String file;
    private final MemorySegment bytes;
    private final long dataStart;
    private final int alignment;
    private final List<Placed> placed = new ArrayList<>();

    /// @param dataStart where the data section starts; beyond the end where a file has no tensors
    TensorDirectory(String file, MemorySegment bytes, long dataStart, int alignment) {
        this.file = file;
        this.bytes = bytes;
        this.dataStart = dataStart;
        this.alignment = alignment;
    }

    Map<String, GgufTensor> tensors(List<HeaderReader.Entry> entries) {
        Map<String, GgufTensor> tensors = new LinkedHashMap<>();
        for (HeaderReader.Entry entry : entries) {
            tensors.put(entry.name(), tensor(entry));
        }
        checkNoOverlap();
        return tensors;
    }

    private GgufTensor tensor(HeaderReader.Entry entry) {
        TensorType type = type(entry);
        long length = length(entry, type);
        long offset = entry.offset();
        if (offset % alignment != 0) {
            throw broken(
                    entry.name(),
                    "starts at offset " + Long.toUnsignedString(offset)
                            + " of the data section; expected a multiple of " + alignment);
        }
        long available = bytes.byteSize() - dataStart;
        if (offset < 0 || length > available || offset > available - length) {
            throw broken(
                    entry.name(),
                    "has " + length + " bytes at offset " + Long.toUnsignedString(offset)
                            + " of the data section, which has " + Math.max(0, available) + " bytes");
        }
        placed.add(new Placed(entry.name(), offset, length));
        return new GgufTensor(entry.name(), type, entry.dimensions(), bytes.asSlice(dataStart + offset, length));
    }

    private TensorType type(HeaderReader.Entry entry) {
        return Arrays.stream(TensorType.values())
                .filter(type -> type.code() == entry.type())
                .findFirst()
                .orElseThrow(() -> new GgufException("Tensor " + HeaderCursor.quote(entry.name()) + " in " + file
                        + " is "
                        + foreignType(entry.type()).orElse("of unknown type " + Integer.toUnsignedString(entry.type()))
                        + "; supported: "
                        + Stream.of(TensorType.values()).map(TensorType::name).collect(Collectors.joining(", "))
                        + ". Requantise the file."));
    }

    private long length(HeaderReader.Entry entry, TensorType type) {
        long elements = 1;
        for (long dimension : entry.dimensions()) {
            if (dimension <= 0 || dimension > Long.MAX_VALUE / Float.BYTES / elements) {
                throw broken(
                        entry.name(),
                        "has dimensions " + unsigned(entry.dimensions())
                                + "; expected positive numbers whose product fits into the file");
            }
            elements *= dimension;
        }
        if (entry.dimensions()[0] % type.blockElements() != 0) {
            throw broken(
                    entry.name(),
                    "is " + type + " with rows of " + entry.dimensions()[0] + " elements; expected a multiple of "
                            + type.blockElements());
        }
        return type.rowBytes(elements);
    }

    private void checkNoOverlap() {
        placed.sort(Comparator.comparingLong(Placed::offset));
        for (int index = 1; index < placed.size(); index++) {
            Placed before = placed.get(index - 1);
            Placed tensor = placed.get(index);
            if (before.offset() + before.length() > tensor.offset()) {
                throw broken(
                        tensor.name(),
                        "starts at offset " + tensor.offset() + " inside tensor "
                                + HeaderCursor.quote(before.name()) + ", which has " + before.length()
                                + " bytes at offset "
                                + before.offset());
            }
        }
    }

    private GgufException broken(String name, String found) {
        return new GgufException("Tensor " + HeaderCursor.quote(name) + " in " + file + " " + found
                + ". The file is damaged or incomplete; download or convert it again.");
    }

    private static String unsigned(long[] dimensions) {
        return Arrays.stream(dimensions)
                .mapToObj(Long::toUnsignedString)
                .toList()
                .toString();
    }

    /// Names of the types of ggml that this project doesn't read (`enum ggml_type`).
    private static Optional<String> foreignType(int code) {
        return Optional.ofNullable(
                switch (code) {
                    case 4 -> "Q4_2";
                    case 5 -> "Q4_3";
                    case 9 -> "Q8_1";
                    case 15 -> "Q8_K";
                    case 16 -> "IQ2_XXS";
                    case 17 -> "IQ2_XS";
                    case 18 -> "IQ3_XXS";
                    case 19 -> "IQ1_S";
                    case 20 -> "IQ4_NL";
                    case 21 -> "IQ3_S";
                    case 22 -> "IQ2_S";
                    case 23 -> "IQ4_XS";
                    case 24 -> "I8";
                    case 25 -> "I16";
                    case 26 -> "I32";
                    case 27 -> "I64";
                    case 28 -> "F64";
                    case 29 -> "IQ1_M";
                    case 31 -> "Q4_0_4_4";
                    case 32 -> "Q4_0_4_8";
                    case 33 -> "Q4_0_8_8";
                    case 34 -> "TQ1_0";
                    case 35 -> "TQ2_0";
                    case 36 -> "IQ4_NL_4_4";
                    case 37 -> "IQ4_NL_4_8";
                    case 38 -> "IQ4_NL_8_8";
                    case 39 -> "MXFP4";
                    default -> null;
                });
    }
}
