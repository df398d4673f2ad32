package org.flinkllama.model.cache;

import java.util.Arrays;
import org.flinkllama.model.kernel.CachePage;
import org.flinkllama.model.kernel.Kernel;

/// The pages of one sequence, in order of position. Must be released when the sequence ends.
public final class PageTable {
    private final PagePool pool;
    private PagePool.Page[] pages = new PagePool.Page[4];
    private CachePage[] numbers = new CachePage[4];
    private int count;

    public PageTable(PagePool pool) {
        this.pool = pool;
    }

    /// Reserves pages for positions 0 until `positions`.
    public void reserve(int positions) {
        int needed = CacheShape.pages(positions);
        while (count < needed) {
            add(pool.take());
        }
    }

    /// Numbers of the pages, in order, for kernels; entries behind the last page are null. Valid until the next
    /// [#reserve].
    public CachePage[] pages() {
        return numbers;
    }

    /// A table of the first `positions` positions: whole pages are shared, a page begun is copied.
    public PageTable fork(int positions) {
        PageTable copy = new PageTable(pool);
        int whole = positions / Kernel.PAGE_POSITIONS;
        for (int page = 0; page < whole; page++) {
            copy.adopt(pages[page]);
        }
        if (positions % Kernel.PAGE_POSITIONS != 0) {
            copy.reserve(positions);
            copy.numbers[whole].copyFrom(numbers[whole]);
        }
        return copy;
    }

    /// Gives the pages back; the table is empty then.
    public void release() {
        for (int page = 0; page < count; page++) {
            pool.release(pages[page]);
            pages[page] = null;
            numbers[page] = null;
        }
        count = 0;
    }

    /// Adds a page that another sequence or the index holds too.
    void adopt(PagePool.Page page) {
        pool.share(page);
        add(page);
    }

    PagePool.Page page(int index) {
        return pages[index];
    }

    private void add(PagePool.Page page) {
        if (count == pages.length) {
            pages = Arrays.copyOf(pages, 2 * count);
            numbers = Arrays.copyOf(numbers, 2 * count);
        }
        pages[count] = page;
        numbers[count] = page.numbers;
        count++;
    }
}
