package org.flinkllama.model.decoder;

import org.flinkllama.model.cache.CacheShape;
import org.flinkllama.model.kernel.Kernel;

/// Computes the logits of tokens. Belongs to one thread; closing it ends its workers and leaves the weights alone.
public interface Decoder extends AutoCloseable {
    /// Number of logits of a token.
    int vocabularySize();

    /// What the pages of a sequence must hold.
    CacheShape cacheShape();

    /// Computes every token of the batch, writing keys and values into their pages.
    ///
    /// @return logits `[row][vocabulary]`, one row for each token that wants them, in order; valid until the next
    /// call
    float[] decode(Batch batch);

    /// A kernel for work on logits.
    Kernel kernel();

    @Override
    void close();
}
