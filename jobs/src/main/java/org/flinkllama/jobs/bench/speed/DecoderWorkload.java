package org.flinkllama.jobs.bench.speed;

import org.flinkllama.model.cache.CacheShape;
import org.flinkllama.model.cache.PagePool;
import org.flinkllama.model.cache.PageTable;
import org.flinkllama.model.decoder.Batch;
import org.flinkllama.model.decoder.Decoder;
import org.flinkllama.model.llama.LlamaModel;

/// Decodes beside each other without the engine: no sampling, no text, the tokens are made up. What the engine adds is
/// the difference to [DecodeWorkload].
public final class DecoderWorkload implements Workload {
    private static final int CHUNK = 64;

    private final Decoder decoder;
    private final DecodeShape shape;
    private final Batch batch;
    private final PageTable[] tables;

    public DecoderWorkload(LlamaModel model, int threads, DecodeShape shape) {
        this.shape = shape;
        int tokens = Math.max(CHUNK, shape.sequences());
        int positions = shape.context() + shape.steps();
        this.decoder = model.newDecoder(tokens, threads);
        this.batch = new Batch(tokens);
        this.tables = new PageTable[shape.sequences()];
        PagePool pool =
                new PagePool(decoder.cacheShape(), shape.cacheType(), shape.sequences() * CacheShape.pages(positions));
        for (int sequence = 0; sequence < tables.length; sequence++) {
            tables[sequence] = new PageTable(pool);
            tables[sequence].reserve(positions);
            readContext(tables[sequence]);
        }
    }

    private void readContext(PageTable table) {
        for (int start = 0; start < shape.context(); start += CHUNK) {
            batch.clear();
            for (int position = start; position < Math.min(start + CHUNK, shape.context()); position++) {
                batch.add(token(position), position, table, false);
            }
            decoder.decode(batch);
        }
    }

    @Override
    public Work run() throws InterruptedException {
        long begin = System.nanoTime();
        for (int step = 0; step < shape.steps(); step++) {
            if (Thread.interrupted()) {
                throw new InterruptedException("Stopped.");
            }
            int position = shape.context() + step;
            batch.clear();
            for (int sequence = 0; sequence < tables.length; sequence++) {
                batch.add(token(position + 31 * sequence), position, tables[sequence], true);
            }
            decoder.decode(batch);
        }
        return new Work((long) shape.steps() * tables.length, System.nanoTime() - begin);
    }

    private int token(int number) {
        return number % decoder.vocabularySize();
    }

    @Override
    public void close() {
        decoder.close();
    }
}
