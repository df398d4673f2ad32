package org.flinkllama.jobs.bench.speed;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;

/// Reads memory far bigger than a cache on several threads: the limit of any decoder, which reads all weights for
/// every token.
public final class MemoryReadWorkload implements Workload {
    private static final long BYTES = 256L << 20;
    private static final int PASSES = 8;
    private static final int STREAMS = 4;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment memory;
    private final int threads;
    private final ExecutorService executor;
    private final LongAdder sum = new LongAdder(); // used, so that the compiler can't leave the reading out

    public MemoryReadWorkload(int threads) {
        this.threads = threads;
        this.memory = arena.allocate(BYTES, HugePages.BYTES);
        HugePages.request(memory);
        this.executor = Executors.newFixedThreadPool(
                threads, Thread.ofPlatform().daemon().factory());
    }

    @Override
    public Work run() throws InterruptedException {
        long slice = BYTES / threads / (STREAMS * 64) * (STREAMS * 64);
        long begin = System.nanoTime();
        for (var done : executor.invokeAll(IntStream.range(0, threads)
                .<Callable<Object>>mapToObj(thread -> () -> read(memory.asSlice(thread * slice, slice)))
                .toList())) {
            try {
                done.get();
            } catch (ExecutionException e) {
                throw new MeasurementException("Reading memory failed: " + e.getCause());
            }
        }
        return new Work(PASSES * threads * slice, System.nanoTime() - begin);
    }

    private Object read(MemorySegment part) {
        for (int pass = 0; pass < PASSES; pass++) {
            sum.add(sum(part));
        }
        return part;
    }

    /// Reads four streams: adjacent rows in one would leave the prefetcher idle at the end of each page.
    private static long sum(MemorySegment part) {
        long stream = part.byteSize() / STREAMS;
        long first = 0;
        long second = 0;
        long third = 0;
        long fourth = 0;
        for (long at = 0; at < stream; at += 2 * Long.BYTES) {
            first += part.get(LONG, at) + part.get(LONG, at + Long.BYTES);
            second += part.get(LONG, stream + at) + part.get(LONG, stream + at + Long.BYTES);
            third += part.get(LONG, 2 * stream + at) + part.get(LONG, 2 * stream + at + Long.BYTES);
            fourth += part.get(LONG, 3 * stream + at) + part.get(LONG, 3 * stream + at + Long.BYTES);
        }
        return first + second + third + fourth;
    }

    @Override
    public void close() {
        executor.close();
        arena.close();
    }
}
