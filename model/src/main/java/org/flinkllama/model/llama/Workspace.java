package org.flinkllama.model.llama;

import java.util.Arrays;
import org.flinkllama.model.cache.PageTable;
import org.flinkllama.model.decoder.Batch;
import org.flinkllama.model.kernel.Activations;
import org.flinkllama.model.kernel.TokenRun;

/// Numbers of the tokens of a step on their way through the layers. Reserved once for the largest step; logits,
/// of which a row can be larger than all the rest, for the most rows that a step has asked for.
final class Workspace {
    /// Queries that an attention kernel computes together at most: more gain nothing, and their scores leave the
    /// processor's nearest cache.
    private static final int RUN_QUERIES = 16;

    final Activations residual;
    final Activations normed;
    final Activations query;
    final Activations key;
    final Activations value;
    final Activations projected;
    final Activations gate;
    final Activations up;
    final Activations selected;
    final Activations logits;

    /// The step that is computed now.
    Batch batch = new Batch(0);

    private final Activations[] ofEveryToken;
    private final int mostRunTokens;
    private final TokenRun[] runs;
    private final int[] selectedTokens;
    private int runCount;
    private long attended;

    Workspace(LlamaShape shape, int vocabularySize, int tokens) {
        residual = new Activations(tokens, shape.width());
        normed = new Activations(tokens, shape.width());
        query = new Activations(tokens, shape.queryWidth());
        key = new Activations(tokens, shape.keyWidth());
        value = new Activations(tokens, shape.keyWidth());
        projected = new Activations(tokens, shape.width());
        gate = new Activations(tokens, shape.feedForward());
        up = new Activations(tokens, shape.feedForward());
        selected = new Activations(1, shape.width());
        logits = new Activations(1, vocabularySize);
        ofEveryToken = new Activations[] {residual, normed, query, key, value, projected, gate, up};
        mostRunTokens = Math.max(1, RUN_QUERIES * shape.keyValueHeads() / shape.heads());
        selectedTokens = new int[tokens];
        runs = new TokenRun[tokens];
        Arrays.setAll(runs, i -> new TokenRun());
    }

    void begin(Batch next) {
        batch = next;
        for (Activations activations : ofEveryToken) {
            activations.use(next.size());
        }
        selected.grow(next.logitRows());
        selected.use(next.logitRows());
        logits.grow(next.logitRows());
        logits.use(next.logitRows());
        int row = 0;
        for (int token = 0; token < next.size(); token++) {
            if (next.wantsLogits(token)) {
                selectedTokens[row++] = token;
            }
        }
        findRuns();
    }

    /// Parts the step into runs, none longer than what a kernel has use for.
    private void findRuns() {
        runCount = 0;
        attended = 0;
        for (int token = 0; token < batch.size(); token++) {
            PageTable table = batch.table(token);
            boolean goesOn = token > 0
                    && runs[runCount - 1].tokens() < mostRunTokens
                    && table == batch.table(token - 1)
                    && batch.position(token) == batch.position(token - 1) + 1;
            if (goesOn) {
                runs[runCount - 1].extend();
            } else {
                runs[runCount++].begin(table.pages(), token, batch.position(token));
            }
            attended += batch.position(token) + 1;
        }
    }

    /// The token that the logits of a row belong to.
    int selectedToken(int row) {
        return selectedTokens[row];
    }

    /// Runs of the step.
    int runs() {
        return runCount;
    }

    TokenRun run(int index) {
        return runs[index];
    }

    /// Positions that the tokens of the step look at, in all.
    long attended() {
        return attended;
    }
}
