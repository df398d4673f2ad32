package org.flinkllama.jobs.chat;

import org.flinkllama.schemas.v1.Turn;

/// Answers turns.
public interface ChatPartner extends AutoCloseable {
    /// Answers a turn. Returns when its last reply was printed, or why there is none.
    ///
    /// @throws InterruptedException where this thread is interrupted meanwhile
    void answer(Turn turn, ReplyScreen screen) throws Exception;

    @Override
    void close();
}
