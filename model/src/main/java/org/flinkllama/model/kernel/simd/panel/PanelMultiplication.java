package org.flinkllama.model.kernel.simd.panel;

import static org.flinkllama.model.kernel.Kernel.PARTIAL_SUMS;

import java.util.Arrays;
import org.flinkllama.model.kernel.Activations;
import org.flinkllama.model.kernel.grouped.RowQuartets;
import org.flinkllama.model.kernel.simd.vector.SumTree;
import org.flinkllama.model.tensor.WeightMatrix;

/// Matrix × tokens over panels: four rows decoded to f32. A panel is a quartet of rows where weights stand in
/// quartets, else it has far-apart rows, r, r + n/4 and so on, because neighbouring rows in one loop defeat the
/// memory prefetcher. Columns are taken in blocks, so that a panel and a group of tokens stay in the first-level
/// cache; the partial sums go on from block to block.
///
/// Few tokens use each panel as soon as it is decoded: memory limits them. Many tokens use a tile of panels, which
/// stay in the second-level cache with the packed tokens and the sums.
public final class PanelMultiplication {
    /// Numbers of scratch arrays at least, a megabyte: collectors give such arrays regions of their own, where they
    /// begin 16 bytes before a cache line, and [#ORIGIN] makes vectors begin with cache lines.
    static final int SCRATCH = 1 << 18;

    static final int ORIGIN = 12;

    private static final int FEW_TOKENS = 16;
    private static final int FEW_BLOCK = 512;
    private static final int MANY_TOKENS = 128;
    private static final int MANY_BLOCK = 1024;

    /// Panels whose partial sums are added at once.
    private static final int TILE = 8;

    private final TokenPanels tokens = new TokenPanels();
    private float[] panels = new float[SCRATCH]; // [panel of the chunk][column / 16][row][16]
    private float[] sums = new float[SCRATCH]; // [panel of the tile][token][row][16]
    private float[] results = new float[0]; // [panel of the tile][token][row]

    // what is being multiplied
    private WeightMatrix weights;
    private int firstRow;
    private int endRow;
    private boolean quartets;
    private int panelCount;
    private int origin; // first row of the first panel
    private int panelStep; // from the first row of a panel to that of the next
    private int rowStep; // between the rows of a panel
    private int firstToken;
    private int tokenCount;
    private int columns; // with those that fill the last vector

    public void multiply(WeightMatrix matrix, int first, int end, Activations in, Activations out) {
        weights = matrix;
        firstRow = first;
        endRow = end;
        choosePanels();
        columns = (matrix.columns() + PARTIAL_SUMS - 1) / PARTIAL_SUMS * PARTIAL_SUMS;
        for (firstToken = 0; firstToken < in.tokens(); firstToken += MANY_TOKENS) {
            tokenCount = Math.min(MANY_TOKENS, in.tokens() - firstToken);
            boolean few = tokenCount <= FEW_TOKENS;
            int blockColumns = few ? FEW_BLOCK : MANY_BLOCK;
            tokens.pack(in, firstToken, tokenCount, columns, blockColumns);
            reserve();
            for (int tile = 0; tile < panelCount; tile += TILE) {
                int tileEnd = Math.min(tile + TILE, panelCount);
                int tileSums = (tileEnd - tile) * panelSums();
                Arrays.fill(sums, ORIGIN, ORIGIN + tileSums, 0);
                int chunk = few ? 1 : TILE;
                for (int panel = tile; panel < tileEnd; panel += chunk) {
                    int sum = ORIGIN + (panel - tile) * panelSums();
                    multiplyChunk(panel, Math.min(panel + chunk, tileEnd), blockColumns, sum);
                }
                for (int sum = 0; sum < tileSums; sum += SumTree.SUMS * PARTIAL_SUMS) {
                    SumTree.reduce(sums, ORIGIN + sum, results, sum / PARTIAL_SUMS);
                }
                store(tile, tileEnd, out);
            }
        }
    }

    private void choosePanels() {
        quartets = RowQuartets.support(weights.type());
        int firstQuartet = firstRow / RowQuartets.ROWS;
        panelCount = quartets
                ? RowQuartets.count(endRow) - firstQuartet
                : Math.ceilDiv(endRow - firstRow, PanelProducts.ROWS);
        origin = quartets ? firstQuartet * RowQuartets.ROWS : firstRow;
        panelStep = quartets ? RowQuartets.ROWS : 1;
        rowStep = quartets ? 1 : panelCount;
    }

    private int panelSums() {
        return tokens.tokens() * PanelProducts.STRIDE;
    }

    private void reserve() {
        int numbers = TILE * panelSums();
        if (sums.length < ORIGIN + numbers) {
            sums = new float[ORIGIN + numbers];
        }
        if (results.length < numbers / PARTIAL_SUMS) {
            results = new float[numbers / PARTIAL_SUMS];
        }
    }

    /// Panels `first … end` × all tokens.
    ///
    /// @param firstSum where the sums of the first panel begin
    private void multiplyChunk(int first, int end, int blockColumns, int firstSum) {
        for (int column = 0; column < columns; column += blockColumns) {
            int block = Math.min(blockColumns, columns - column);
            int panelNumbers = block * PanelProducts.ROWS;
            for (int panel = first; panel < end; panel++) {
                int target = ORIGIN + (panel - first) * panelNumbers;
                if (quartets) {
                    int quartet = origin / RowQuartets.ROWS + panel;
                    QuartetPanels.decode(weights, quartet, column, block, panels, target);
                } else {
                    PanelDecoding.decode(weights, origin + panel, rowStep, endRow, column, block, panels, target);
                }
            }
            for (int token = 0; token < tokenCount; token += TokenPanels.group(tokenCount - token)) {
                int group = TokenPanels.group(tokenCount - token);
                int x = tokens.offset(token, column, block);
                int sum = firstSum + token * PanelProducts.STRIDE;
                int w = ORIGIN;
                for (int panel = first; panel < end; panel++) {
                    PanelProducts.add(panels, w, tokens.values(), x, group, block / PARTIAL_SUMS, sums, sum);
                    w += panelNumbers;
                    sum += panelSums();
                }
            }
        }
    }

    private void store(int tile, int tileEnd, Activations out) {
        float[] target = out.values();
        int step = tokens.tokens() * PanelProducts.ROWS;
        for (int token = 0; token < tokenCount; token++) {
            int offset = out.offset(firstToken + token);
            int result = token * PanelProducts.ROWS;
            int row = origin + tile * panelStep;
            for (int panel = tile; panel < tileEnd; panel++) {
                if (row >= firstRow && row + 3 * rowStep < endRow) {
                    int at = offset + row;
                    target[at] = results[result];
                    target[at + rowStep] = results[result + 1];
                    target[at + 2 * rowStep] = results[result + 2];
                    target[at + 3 * rowStep] = results[result + 3];
                } else {
                    for (int r = 0; r < PanelProducts.ROWS && row + r * rowStep < endRow; r++) {
                        if (row + r * rowStep >= firstRow) {
                            target[offset + row + r * rowStep] = results[result + r];
                        }
                    }
                }
                result += step;
                row += panelStep;
            }
        }
    }
}
