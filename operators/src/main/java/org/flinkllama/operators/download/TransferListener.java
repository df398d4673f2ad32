package org.flinkllama.operators.download;

/// Hears how far a download is, on the thread that downloads.
public interface TransferListener {
    /// Bytes begin to arrive.
    ///
    /// @param present bytes that an earlier attempt left
    /// @param total   bytes of the whole file; 0 where the server does not say
    void begins(long present, long total);

    /// Bytes have arrived.
    ///
    /// @param present bytes that are there, those of earlier attempts included
    void arrived(long present);

    /// The connection was lost; the download goes on after a pause.
    void interrupted(String reason);

    /// Somebody else downloads the same file; heard again and again until that has ended.
    ///
    /// @param present bytes that have arrived there
    void waits(long present);

    /// All bytes are there and are checked now.
    void checks();

    /// The file has its name.
    ///
    /// @param sha256 that it has
    void ends(long bytes, String sha256);
}
