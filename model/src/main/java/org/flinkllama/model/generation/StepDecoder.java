package org.flinkllama.model.generation;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.flinkllama.model.decoder.Batch;
import org.flinkllama.model.decoder.Decoder;

/// Decodes what is scheduled for a step. Where that throws, each sequence is decoded alone in the same step: only the
/// one that throws again has failed, the others get the bits they would have got. Nothing counts as computed before
/// it has succeeded, so that computing it again is harmless.
final class StepDecoder {
    /// A decoder that fails so often, and does nothing else, is broken.
    private static final int MOST_FAILURES_IN_A_ROW = 3;

    private final Decoder decoder;
    private final Batch batch;
    private final Logits logits;
    private int failuresInARow;

    StepDecoder(Decoder decoder, int capacity) {
        this.decoder = decoder;
        this.batch = new Batch(capacity);
        this.logits = new Logits(decoder.vocabularySize(), decoder.kernel());
    }

    /// Hears what became of each sequence, before the logits of the next ones are computed.
    interface Results {
        void computed(Sequence sequence, Logits logits);

        void failed(Sequence sequence, RuntimeException reason);
    }

    void clear() {
        batch.clear();
    }

    /// Tokens that still fit the step.
    int room() {
        return batch.capacity() - batch.size();
    }

    /// Adds the tokens of a sequence that it has scheduled.
    void add(Sequence sequence) {
        sequence.firstLogitRow = batch.logitRows();
        sequence.pages.reserve(sequence.computed + sequence.scheduled);
        for (int position = sequence.computed; position < sequence.computed + sequence.scheduled; position++) {
            boolean wantsLogits = sequence.wantsEveryLogit || position == sequence.length() - 1;
            batch.add(sequence.token(position), position, sequence.pages, wantsLogits);
        }
    }

    /// Decodes the tokens that were added.
    ///
    /// @param scheduled the sequences they belong to
    /// @throws RuntimeException where the decoder fails for all of several requests, or time and again for one
    void decode(List<Sequence> scheduled, Results results) {
        try {
            logits.take(decoder.decode(batch));
        } catch (RuntimeException failure) {
            decodeOneByOne(scheduled, failure, results);
            return;
        }
        failuresInARow = 0;
        for (Sequence sequence : scheduled) {
            results.computed(sequence, logits);
        }
    }

    private void decodeOneByOne(List<Sequence> scheduled, RuntimeException failure, Results results) {
        failuresInARow++;
        SequencedMap<Sequence, RuntimeException> failed = new LinkedHashMap<>();
        for (Sequence sequence : scheduled) {
            batch.clear();
            add(sequence);
            try {
                logits.take(decoder.decode(batch));
            } catch (RuntimeException alone) {
                failed.put(sequence, alone);
                continue;
            }
            failuresInARow = 0;
            results.computed(sequence, logits);
        }
        boolean severalRequests =
                scheduled.stream().map(sequence -> sequence.run).distinct().count() > 1;
        if (failed.size() == scheduled.size() && (severalRequests || failuresInARow >= MOST_FAILURES_IN_A_ROW)) {
            throw failure;
        }
        failed.forEach(results::failed);
    }
}
