package org.flinkllama.model.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class PageTableTest {
    private final PagePool pool = new PagePool(new CacheShape(2, 3, 4), 5);

    @Test
    void sharesWholePagesOfAForkAndCopiesTheOneBegun() {
        PageTable table = new PageTable(pool);
        table.reserve(20);
        table.pages()[1][7] = 42;
        PageTable fork = table.fork(20);

        assertThat(pool.used()).isEqualTo(3);
        assertThat(fork.pages()[0]).isSameAs(table.pages()[0]);
        assertThat(fork.pages()[1]).isNotSameAs(table.pages()[1]).contains(42);
        table.release();
        assertThat(pool.used()).isEqualTo(2);
        fork.release();
        assertThat(pool.used()).isZero();
    }

    @Test
    void keepsSharedPagesUntilTheLastSequenceEnds() {
        PageTable table = new PageTable(pool);
        table.reserve(32);
        PageTable fork = table.fork(32);
        table.release();
        assertThat(pool.used()).isEqualTo(2);
        fork.release();
        assertThat(pool.used()).isZero();
    }

    @Test
    void neverGivesOutMorePagesThanThereAre() {
        PageTable table = new PageTable(pool);
        table.reserve(80);
        assertThatThrownBy(() -> table.reserve(81)).hasMessageContaining("All 5 pages");
        table.release();
        assertThat(pool.used()).isZero();
    }

    @Test
    void givesEveryHeadOfEveryLayerItsOwnPlaceInAPage() {
        CacheShape shape = new CacheShape(2, 3, 4);
        boolean[] taken = new boolean[shape.numbersPerPage()];
        for (int layer = 0; layer < 2; layer++) {
            for (int head = 0; head < 3; head++) {
                int headNumbers = 4 * 16;
                for (int i = 0; i < headNumbers; i++) {
                    assertThat(taken[shape.slice(layer, head).keyOffset() + i]).isFalse();
                    taken[shape.slice(layer, head).keyOffset() + i] = true;
                    assertThat(taken[shape.slice(layer, head).valueOffset() + i])
                            .isFalse();
                    taken[shape.slice(layer, head).valueOffset() + i] = true;
                }
            }
        }
        assertThat(taken).doesNotContain(false);
    }
}
