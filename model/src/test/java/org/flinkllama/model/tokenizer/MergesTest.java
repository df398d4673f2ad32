package org.flinkllama.model.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MergesTest {
    @Test
    void givesTheSameBySearchAndByHeap() {
        Random random = new Random(3);
        for (int round = 0; round < 2_000; round++) {
            Merges merges = randomMerges(random);
            int[] bySearch = random.ints(random.nextInt(200), 0, 4).toArray();
            int[] byHeap = bySearch.clone();

            int searchEnd = merges.mergeBySearch(bySearch, 0, bySearch.length);
            int heapEnd = byHeap.length == 0 ? 0 : merges.mergeByHeap(byHeap, 0, byHeap.length);

            assertThat(Arrays.copyOf(byHeap, heapEnd)).isEqualTo(Arrays.copyOf(bySearch, searchEnd));
        }
    }

    private static Merges randomMerges(Random random) {
        Merges.Builder merges = new Merges.Builder();
        for (int merged = 4; merged < 20; merged++) {
            // Ranks repeat, as SentencePiece's scores may.
            merges.add(random.nextInt(merged), random.nextInt(merged), random.nextInt(8), merged);
        }
        return merges.build();
    }

    @Test
    void leavesSymbolsOutsideTheStretchAlone() {
        Merges.Builder merges = new Merges.Builder();
        merges.add(1, 1, 0, 2);
        int[] symbols = {1, 1, 1, 1, 1};

        assertThat(merges.build().merge(symbols, 1, 4)).isEqualTo(3);
        assertThat(symbols).startsWith(1, 2, 1).endsWith(1);
    }

    @Test
    void keepsTheFirstRankOfARepeatedPair() {
        Merges.Builder merges = new Merges.Builder();
        merges.add(1, 2, 0, 5);
        merges.add(1, 2, 1, 6);
        int[] symbols = {1, 2};

        assertThat(merges.build().merge(symbols, 0, 2)).isEqualTo(1);
        assertThat(symbols[0]).isEqualTo(5);
    }

    @Test
    void findsEveryPairOfALargeTable() {
        Merges.Builder merges = new Merges.Builder();
        for (int left = 0; left < 5_000; left++) {
            merges.add(left, left + 1, left, left + 2);
        }
        Merges table = merges.build();
        for (int left = 0; left < 5_000; left++) {
            int[] symbols = {left, left + 1};
            assertThat(table.merge(symbols, 0, 2)).isEqualTo(1);
            assertThat(symbols[0]).isEqualTo(left + 2);
        }
    }
}
