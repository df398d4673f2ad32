package org.flinkllama.jobs.archive;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.flinkllama.jobs.archive.file.Entry;
import org.junit.jupiter.api.Test;

final class WindowTest {
    @Test
    void putsTheLongestFirstAndKeepsTheOrderOfEqualOnes() {
        assertThat(ordered(entry(1, "a", 3), entry(2, "b", 9), entry(3, null, 9), entry(4, null, 5)))
                .containsExactly(2L, 3L, 4L, 1L);
    }

    @Test
    void keepsTheOrderOfEntriesOfOneId() {
        assertThat(ordered(entry(1, "a", 3), entry(2, "b", 5), entry(3, "a", 9), entry(4, "a", 1)))
                .containsExactly(1L, 2L, 3L, 4L);
    }

    @Test
    void isFullByEntriesOrBytes() {
        Window many = new Window();
        IntStream.range(0, Window.MOST_ENTRIES).forEach(number -> {
            assertThat(many.isFull()).isFalse();
            many.add(entry(number, null, 1));
        });
        assertThat(many.isFull()).isTrue();
        Window large = new Window();
        large.add(entry(1, null, (int) Window.MOST_BYTES));
        assertThat(large.isFull()).isTrue();
    }

    private static List<Long> ordered(Entry... entries) {
        Window window = new Window();
        List.of(entries).forEach(window::add);
        return window.ordered().stream().map(Entry::number).toList();
    }

    private static Entry entry(long number, String id, int length) {
        return Entry.document(number, id, new byte[length]);
    }
}
