package org.flinkllama.model.generation;

/// What an engine holds at a moment.
///
/// @param running         requests that are computed
/// @param waiting         requests that wait for a place
/// @param usedPages       pages of the cache that sequences hold
/// @param pageCapacity    pages that the cache can hold
/// @param sharedPositions prompt tokens so far that were not computed, because an equal beginning was in the cache
public record Load(int running, int waiting, int usedPages, int pageCapacity, long sharedPositions) {
    /// Nothing at all.
    public static final Load NONE = new Load(0, 0, 0, 0, 0);
}
