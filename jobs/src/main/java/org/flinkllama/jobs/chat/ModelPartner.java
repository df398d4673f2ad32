package org.flinkllama.jobs.chat;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.flinkllama.model.generation.Outcome;
import org.flinkllama.model.generation.RequestListener;
import org.flinkllama.operators.conversation.ConversationModel;
import org.flinkllama.operators.conversation.ConversationOptions;
import org.flinkllama.operators.conversation.ConversationStore;
import org.flinkllama.operators.conversation.Dialogue;
import org.flinkllama.operators.conversation.TurnRun;
import org.flinkllama.operators.inference.plan.Inquiry;
import org.flinkllama.operators.inference.plan.Work;
import org.flinkllama.operators.reject.RecordRejectedException;
import org.flinkllama.operators.reject.Rejection;
import org.flinkllama.operators.replica.ModelFiles;
import org.flinkllama.operators.replica.Replica;
import org.flinkllama.operators.replica.ReplicaSource;
import org.flinkllama.schemas.v1.Conversation;
import org.flinkllama.schemas.v1.InputRecord;
import org.flinkllama.schemas.v1.Turn;

/// A model in this process. It remembers one conversation, until it is closed.
public final class ModelPartner implements ChatPartner {
    private final Replica replica;
    private final Dialogue dialogue;
    private final Memory memory = new Memory();

    private ModelPartner(Replica replica, Dialogue dialogue) {
        this.replica = replica;
        this.dialogue = dialogue;
    }

    /// Opens the model, whose file is on this machine.
    public static ModelPartner open(ReplicaSource source, ConversationOptions options)
            throws IOException, InterruptedException {
        Replica replica = source.open(ModelFiles.ON_DISK, ReplicaSource.Stay.NONE);
        try {
            return new ModelPartner(
                    replica, new Dialogue(ConversationModel.of(replica.model(), options.prompting()), options));
        } catch (RuntimeException refused) {
            replica.close();
            throw refused;
        }
    }

    private static final class Memory implements ConversationStore {
        private Optional<Conversation> conversation = Optional.empty();

        @Override
        public Optional<Conversation> read() {
            return conversation;
        }

        @Override
        public void write(Conversation written) {
            conversation = Optional.of(written);
        }
    }

    /// Something that the replica's thread has to tell.
    @FunctionalInterface
    private interface News {
        List<Inquiry> tell(TurnRun run);
    }

    @Override
    public void answer(Turn turn, ReplyScreen screen) throws Exception {
        try {
            InputRecord nowhere = new InputRecord("terminal", 0, 0L, null, null, null, List.of());
            TurnRun run = dialogue.begin(memory, turn, nowhere);
            follow(run, screen);
            switch (run.end().orElseThrow()) {
                case Work.End.Done() -> run.finish();
                case Work.End.Rejected(Rejection rejection) -> screen.refuse(rejection.message());
            }
        } catch (RecordRejectedException refused) {
            screen.refuse(refused.getMessage());
        }
    }

    private void follow(TurnRun run, ReplyScreen screen) throws InterruptedException {
        BlockingQueue<News> news = new LinkedBlockingQueue<>();
        Deque<Inquiry> unsent = new ArrayDeque<>(run.inquiries());
        run.drain().forEach(screen::print);
        while (run.end().isEmpty()) {
            while (!unsent.isEmpty()) {
                submit(unsent.remove(), news);
            }
            unsent.addAll(news.take().tell(run));
            run.drain().forEach(screen::print);
        }
    }

    private void submit(Inquiry inquiry, BlockingQueue<News> news) {
        replica.submit(inquiry.request(), inquiry.scope(), new RequestListener() {
            @Override
            public void generated(int sequence, int token, float logProbability, String text) {
                news.add(run -> {
                    run.generated(inquiry.id(), sequence, token, text);
                    return List.of();
                });
            }

            @Override
            public void ended(Outcome outcome) {
                news.add(run -> run.outcome(inquiry.id(), outcome));
            }
        });
    }

    @Override
    public void close() {
        replica.close();
    }
}
