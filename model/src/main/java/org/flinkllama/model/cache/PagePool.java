package org.flinkllama.model.cache;

import java.util.ArrayDeque;

/// Pages of keys and values, at most `capacity` at a time. Memory is taken when a page is first needed and then
/// kept.
public final class PagePool {
    private final CacheShape shape;
    private final int capacity;
    private final ArrayDeque<Page> free = new ArrayDeque<>();
    private int used;

    public PagePool(CacheShape shape, int capacity) {
        this.shape = shape;
        this.capacity = capacity;
    }

    public CacheShape shape() {
        return shape;
    }

    /// Pages there can be.
    public int capacity() {
        return capacity;
    }

    /// Pages that sequences hold.
    public int used() {
        return used;
    }

    Page take() {
        if (used == capacity) {
            throw new IllegalStateException(
                    "All " + capacity + " pages of the cache are in use; admit fewer sequences.");
        }
        used++;
        Page page = free.isEmpty() ? new Page(new float[shape.numbersPerPage()]) : free.pop();
        page.references = 1;
        return page;
    }

    void release(Page page) {
        if (--page.references == 0) {
            used--;
            free.push(page);
        }
    }

    static final class Page {
        final float[] values;
        int references;

        private Page(float[] values) {
            this.values = values;
        }
    }
}
