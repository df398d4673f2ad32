package org.flinkllama.model.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.flinkllama.model.kernel.CachePage;
import org.junit.jupiter.api.Test;

class PrefixIndexTest {
    private final PagePool pool = new PagePool(new CacheShape(1, 1, 2), 6);
    private final PrefixIndex index = new PrefixIndex(pool);

    @Test
    void findsTheLongestBeginningInWholePages() {
        int[] tokens = tokens(0, 50);
        computed("a", tokens, 50).release();
        PageTable table = new PageTable(pool);
        assertThat(index.adopt("a", tokens, 49, table)).isEqualTo(48);
        table.release();

        int[] other = tokens(0, 50);
        other[20] = 99;
        assertThat(index.adopt("a", other, 49, table)).isEqualTo(16);
        assertThat(pool.used()).isOne();
        assertThat(pool.idle()).isEqualTo(2);
        table.release();
        assertThat(index.adopt("a", tokens(1, 50), 49, table)).isZero();
        assertThat(index.adopt("a", tokens, 15, table)).isZero();
    }

    @Test
    void neverSharesBetweenScopes() {
        computed("a", tokens(0, 32), 32).release();
        assertThat(index.adopt("b", tokens(0, 32), 32, new PageTable(pool))).isZero();
    }

    @Test
    void givesUpWhatWasNotUsedForLongestAndNeverWhatIsRead() {
        PageTable read = computed("a", tokens(0, 32), 32);
        computed("a", tokens(100, 32), 32).release();
        computed("a", tokens(200, 32), 32).release();
        PageTable again = new PageTable(pool);
        index.adopt("a", tokens(100, 32), 32, again);
        again.release();

        PageTable next = new PageTable(pool);
        next.reserve(32);

        assertThat(index.size()).isEqualTo(4);
        assertThat(index.adopt("a", tokens(200, 32), 32, new PageTable(pool))).isZero();
        assertThat(index.adopt("a", tokens(100, 32), 32, again)).isEqualTo(32);
        assertThat(numbers(read, 1)[3]).isEqualTo(1);
    }

    @Test
    void forgetsTheEndOfABeginningFirst() {
        computed("a", tokens(0, 96), 96).release();
        PageTable next = new PageTable(pool);
        next.reserve(33);
        assertThat(index.adopt("a", tokens(0, 96), 96, new PageTable(pool))).isEqualTo(48);
    }

    private PageTable computed(String scope, int[] tokens, int positions) {
        PageTable table = new PageTable(pool);
        table.reserve(positions);
        for (int page = 0; page < CacheShape.pages(positions); page++) {
            numbers(table, page)[3] = page;
        }
        index.offer(scope, tokens, positions, table);
        return table;
    }

    private static float[] numbers(PageTable table, int page) {
        return ((CachePage.Floats) table.pages()[page]).layers()[0];
    }

    private static int[] tokens(int first, int count) {
        return IntStream.range(first, first + count).toArray();
    }
}
