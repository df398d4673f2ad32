package org.flinkllama.model.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.flinkllama.model.kernel.CachePage;
import org.flinkllama.model.kernel.HeadSlice;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PageTableTest {
    private final PagePool pool = new PagePool(new CacheShape(2, 3, 4), 5);

    @Test
    void sharesWholePagesOfAForkAndCopiesTheOneBegun() {
        PageTable table = new PageTable(pool);
        table.reserve(20);
        numbers(table, 1)[7] = 42;
        PageTable fork = table.fork(20);

        assertThat(pool.used()).isEqualTo(3);
        assertThat(fork.pages()[0]).isSameAs(table.pages()[0]);
        assertThat(fork.pages()[1]).isNotSameAs(table.pages()[1]);
        assertThat(numbers(fork, 1)).contains(42);
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
        boolean[][] taken = new boolean[2][shape.numbersPerLayer()];
        for (int layer = 0; layer < 2; layer++) {
            for (int head = 0; head < 3; head++) {
                HeadSlice slice = shape.slice(layer, head);
                for (int i = 0; i < 4 * 16; i++) {
                    assertThat(taken[slice.layer()][slice.keyOffset() + i]).isFalse();
                    taken[slice.layer()][slice.keyOffset() + i] = true;
                    assertThat(taken[slice.layer()][slice.valueOffset() + i]).isFalse();
                    taken[slice.layer()][slice.valueOffset() + i] = true;
                }
            }
        }
        assertThat(taken[0]).doesNotContain(false);
        assertThat(taken[1]).doesNotContain(false);
    }

    @ParameterizedTest
    @EnumSource(CacheType.class)
    void takesWhatAPositionsNumbersTakeAndNoMore(CacheType type) {
        CacheShape shape = new CacheShape(2, 3, 4);
        CachePage page = shape.newPage(type);
        long bytes =
                switch (page) {
                    case CachePage.Floats(float[][] layers) -> 4L * layers.length * layers[0].length;
                    case CachePage.Halves(short[][] layers) -> 2L * layers.length * layers[0].length;
                };
        assertThat(shape.bytesPerPosition(type)).isEqualTo(2L * 2 * 3 * 4 * type.bytes());
        assertThat(bytes).isEqualTo(16 * shape.bytesPerPosition(type));
    }

    private static float[] numbers(PageTable table, int page) {
        return ((CachePage.Floats) table.pages()[page]).layers()[0];
    }
}
