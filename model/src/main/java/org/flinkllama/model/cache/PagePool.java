package org.flinkllama.model.cache;

import java.util.ArrayDeque;
import java.util.function.BooleanSupplier;
import org.flinkllama.model.kernel.CachePage;

/// Pages of keys and values, at most `capacity` at a time. Memory is taken when a page is first needed and then
/// kept.
///
/// A page is held by the sequences that read it and by the [PrefixIndex] that remembers it. A page that only the
/// index holds is given up as soon as a sequence needs its place.
public final class PagePool {
    private final CacheShape shape;
    private final CacheType type;
    private final int capacity;
    private final ArrayDeque<Page> free = new ArrayDeque<>();
    private BooleanSupplier reclaimer = () -> false;
    private int used;
    private int idle;

    /// Pages of numbers in f32.
    public PagePool(CacheShape shape, int capacity) {
        this(shape, CacheType.F32, capacity);
    }

    public PagePool(CacheShape shape, CacheType type, int capacity) {
        this.shape = shape;
        this.type = type;
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

    /// Pages that only the index holds.
    public int idle() {
        return idle;
    }

    /// Names who can give up an idle page: true where it did.
    void reclaimWith(BooleanSupplier next) {
        reclaimer = next;
    }

    /// A page for one reader.
    Page take() {
        if (used + idle == capacity && !reclaimer.getAsBoolean()) {
            throw new IllegalStateException(
                    "All " + capacity + " pages of the cache are in use; admit fewer sequences.");
        }
        used++;
        Page page = free.isEmpty() ? new Page(shape.newPage(type)) : free.pop();
        page.readers = 1;
        return page;
    }

    /// One more reader of a page that is held.
    void share(Page page) {
        if (page.readers++ == 0) {
            idle--;
            used++;
        }
    }

    /// One reader less.
    void release(Page page) {
        if (--page.readers == 0) {
            used--;
            if (page.remembered) {
                idle++;
            } else {
                free.push(page);
            }
        }
    }

    /// The index no longer remembers a page.
    void forget(Page page) {
        page.remembered = false;
        if (page.readers == 0) {
            idle--;
            free.push(page);
        }
    }

    static final class Page {
        final CachePage numbers;
        int readers;
        boolean remembered;

        private Page(CachePage numbers) {
            this.numbers = numbers;
        }
    }
}
