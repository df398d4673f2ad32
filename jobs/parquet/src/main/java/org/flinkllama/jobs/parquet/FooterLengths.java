package org.flinkllama.jobs.parquet;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;

/// Walks over a footer, which is a struct in Thrift's compact protocol, and looks whether the lists and texts in it
/// are shorter than what is left of it: the library makes room for them before it reads them.
final class FooterLengths {
    private static final int STOP = 0;
    private static final int TRUE = 1;
    private static final int FALSE = 2;
    private static final int BYTE = 3;
    private static final int I16 = 4;
    private static final int I32 = 5;
    private static final int I64 = 6;
    private static final int DOUBLE = 7;
    private static final int BINARY = 8;
    private static final int LIST = 9;
    private static final int SET = 10;
    private static final int MAP = 11;
    private static final int STRUCT = 12;
    private static final int UUID = 13;
    private static final int UUID_BYTES = 16;
    private static final int LONG_LIST = 15;
    private static final int DEEPEST = 64;

    private final ByteBuffer bytes;

    private FooterLengths(byte[] footer) {
        this.bytes = ByteBuffer.wrap(footer);
    }

    /// Whether all lengths fit.
    static boolean fit(byte[] footer) {
        try {
            return new FooterLengths(footer).struct(0);
        } catch (BufferUnderflowException e) {
            return false;
        }
    }

    private boolean struct(int depth) {
        if (depth > DEEPEST) {
            return false;
        }
        while (true) {
            int field = bytes.get();
            int type = field & 0xF;
            if (type == STOP) {
                return true;
            }
            if ((field & 0xF0) == 0) {
                unsigned(); // the field's number, which is else a difference in the upper half
            }
            if (type != TRUE && type != FALSE && !value(type, depth)) {
                return false;
            }
        }
    }

    private boolean value(int type, int depth) {
        switch (type) {
            case TRUE, FALSE, BYTE -> bytes.get(); // booleans of a list take a byte each
            case I16, I32, I64 -> unsigned();
            case DOUBLE -> bytes.getDouble();
            case BINARY -> {
                return skip(unsigned());
            }
            case UUID -> {
                return skip(UUID_BYTES);
            }
            case LIST, SET -> {
                return list(depth);
            }
            case MAP -> {
                return map(depth);
            }
            case STRUCT -> {
                return struct(depth + 1);
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean list(int depth) {
        int header = bytes.get();
        long count = (header & 0xF0) >>> 4;
        return elements(count == LONG_LIST ? unsigned() : count, depth, header & 0xF);
    }

    private boolean map(int depth) {
        long count = unsigned();
        if (count == 0) {
            return true;
        }
        int types = bytes.get();
        return elements(count, depth, (types & 0xF0) >>> 4, types & 0xF);
    }

    /// Each element takes a byte at least.
    private boolean elements(long count, int depth, int... types) {
        if (depth > DEEPEST || count < 0 || count > bytes.remaining()) {
            return false;
        }
        for (long element = 0; element < count; element++) {
            for (int type : types) {
                if (!value(type, depth + 1)) {
                    return false;
                }
            }
        }
        return true;
    }

    private boolean skip(long length) {
        if (length < 0 || length > bytes.remaining()) {
            return false;
        }
        bytes.position(bytes.position() + (int) length);
        return true;
    }

    private long unsigned() {
        long number = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            byte next = bytes.get();
            number |= (next & 0x7FL) << shift;
            if (next >= 0) {
                return number;
            }
        }
        return -1;
    }
}
