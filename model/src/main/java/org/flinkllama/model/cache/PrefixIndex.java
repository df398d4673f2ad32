package org.flinkllama.model.cache;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.flinkllama.model.kernel.Kernel;

/// Remembers full pages by the tokens in them and before them, so that sequences with an equal beginning share its
/// pages
/// instead of computing them again. What was not used for longest goes first when a sequence needs the place.
///
/// Beginnings are shared within a scope only: sequences of two scopes never read each other's pages.
public final class PrefixIndex {
    /// A page's identity: its tokens, and the page before it (a scope where there is none).
    private record Key(Object before, int[] tokens) {
        @Override
        public boolean equals(Object other) {
            return other instanceof Key key && before.equals(key.before) && Arrays.equals(tokens, key.tokens);
        }

        @Override
        public int hashCode() {
            return 31 * before.hashCode() + Arrays.hashCode(tokens);
        }
    }

    private static final class Node {
        private final PagePool.Page page;
        private final Node before;
        private int followers;

        private Node(PagePool.Page page, Node before) {
            this.page = page;
            this.before = before;
        }
    }

    private final PagePool pool;

    /// The one used last stands last. A page is always used with those before it and stands in front of them.
    private final Map<Key, Node> nodes = new LinkedHashMap<>(64, 0.75f, true);

    /// An index over the pages of `pool`, which gives them up when the pool is full.
    public PrefixIndex(PagePool pool) {
        this.pool = pool;
        pool.reclaimWith(this::forgetOne);
    }

    /// Pages remembered.
    public int size() {
        return nodes.size();
    }

    /// Gives an empty table the remembered pages of the longest beginning of `tokens[0 … limit)`.
    ///
    /// @return positions that the table has now
    public int adopt(String scope, int[] tokens, int limit, PageTable table) {
        Object before = scope;
        int positions = 0;
        while (positions + Kernel.PAGE_POSITIONS <= limit) {
            Node node = nodes.get(key(before, tokens, positions));
            if (node == null) {
                break;
            }
            table.adopt(node.page);
            before = node;
            positions += Kernel.PAGE_POSITIONS;
        }
        touchFromTheEnd(scope, tokens, positions);
        return positions;
    }

    /// Remembers the full pages of a table whose first `positions` positions are computed from `tokens`.
    public void offer(String scope, int[] tokens, int positions, PageTable table) {
        Object before = scope;
        for (int start = 0; start + Kernel.PAGE_POSITIONS <= positions; start += Kernel.PAGE_POSITIONS) {
            Key key = key(before, tokens, start);
            Node node = nodes.get(key);
            if (node == null) {
                node = new Node(
                        table.page(start / Kernel.PAGE_POSITIONS), before instanceof Node parent ? parent : null);
                node.page.remembered = true;
                nodes.put(key, node);
                if (node.before != null) {
                    node.before.followers++;
                }
            }
            before = node;
        }
        touchFromTheEnd(scope, tokens, positions);
    }

    /// Marks a beginning as used, its last page first, so that no page is older than one that follows it.
    private void touchFromTheEnd(String scope, int[] tokens, int positions) {
        int pages = positions / Kernel.PAGE_POSITIONS;
        Key[] keys = new Key[pages];
        Object before = scope;
        for (int page = 0; page < pages; page++) {
            keys[page] = key(before, tokens, page * Kernel.PAGE_POSITIONS);
            before = nodes.get(keys[page]);
        }
        for (int page = pages - 1; page >= 0; page--) {
            nodes.get(keys[page]);
        }
    }

    private boolean forgetOne() {
        for (Map.Entry<Key, Node> entry : nodes.entrySet()) {
            Node node = entry.getValue();
            if (node.followers == 0 && node.page.readers == 0) {
                nodes.remove(entry.getKey());
                if (node.before != null) {
                    node.before.followers--;
                }
                pool.forget(node.page);
                return true;
            }
        }
        return false;
    }

    private static Key key(Object before, int[] tokens, int start) {
        return new Key(before, Arrays.copyOfRange(tokens, start, start + Kernel.PAGE_POSITIONS));
    }
}
