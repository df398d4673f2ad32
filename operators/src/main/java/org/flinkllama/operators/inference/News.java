package org.flinkllama.operators.inference;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.flinkllama.operators.inference.state.AdmissionQueue.Forward;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Brings what the replica's thread tells to the task thread, in order. One mail is under way at a time however much
/// there is to tell, and takes in a bounded number of news, so that other mails have their turn.
final class News {
    private static final Logger LOG = LoggerFactory.getLogger(News.class);
    private static final int MOST_IN_A_MAIL = 64;

    private final MailboxExecutor mailbox;
    private final ConcurrentLinkedQueue<Forward> queue = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean underWay = new AtomicBoolean();

    News(MailboxExecutor mailbox) {
        this.mailbox = mailbox;
    }

    /// Called on the replica's thread.
    void tell(Forward news) {
        queue.add(news);
        post();
    }

    private void post() {
        if (underWay.compareAndSet(false, true)) {
            try {
                mailbox.execute(this::takeIn, "news of inferences");
            } catch (RejectedExecutionException closed) {
                LOG.debug("News of an inference came when the task had ended; it is computed again after a restart.");
            }
        }
    }

    private void takeIn() throws Exception {
        underWay.set(false);
        for (int taken = 0; taken < MOST_IN_A_MAIL; taken++) {
            Forward next = queue.poll();
            if (next == null) {
                return;
            }
            next.run();
        }
        post();
    }
}
