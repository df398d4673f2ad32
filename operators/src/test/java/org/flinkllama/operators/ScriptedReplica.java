package org.flinkllama.operators;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.flinkllama.model.generation.Outcome;
import org.flinkllama.model.generation.Request;
import org.flinkllama.model.generation.RequestListener;
import org.flinkllama.operators.replica.ModelCard;
import org.flinkllama.operators.replica.Replica;
import org.flinkllama.operators.replica.ReplicaSource;

/// A replica of a scripted model that answers when it is told to, or at once on a thread of its own.
public final class ScriptedReplica implements Replica {
    private final ScriptedModel model;
    private final boolean atOnce;
    private final List<Asked> asked = new ArrayList<>(); // guarded by this
    private boolean closed;
    private volatile String failure;

    private record Asked(String prompt, Request request, RequestListener listener) {}

    private ScriptedReplica(ScriptedModel model, boolean atOnce) {
        this.model = model;
        this.atOnce = atOnce;
    }

    /// Opens one replica after the other, the last of which is [#current].
    public static final class Source implements ReplicaSource {
        private static final long serialVersionUID = 1L;

        public final transient ScriptedModel model;
        private final transient boolean atOnce;
        private final int maxSequences;
        private transient ScriptedReplica current;

        public Source(ScriptedModel model, boolean atOnce, int maxSequences) {
            this.model = model;
            this.atOnce = atOnce;
            this.maxSequences = maxSequences;
        }

        @Override
        public Replica open() {
            current = new ScriptedReplica(model, atOnce);
            return current;
        }

        @Override
        public int maxSequences() {
            return maxSequences;
        }

        public ScriptedReplica current() {
            return current;
        }
    }

    @Override
    public ModelCard model() {
        return new ModelCard("scripted", "ab".repeat(32), model.tokenizer, Optional.of(TestTemplate.STARTER), 512);
    }

    @Override
    public void submit(Request request, RequestListener listener) {
        if (atOnce) {
            Thread.ofVirtual().start(() -> listener.ended(model.answer(request)));
            return;
        }
        synchronized (this) {
            asked.add(new Asked(model.tokenizer.text(request.prompt()), request, listener));
        }
    }

    /// Prompts of the requests that are not answered yet.
    public synchronized List<String> open() {
        return asked.stream().map(Asked::prompt).toList();
    }

    /// Answers every open request whose prompt has these words, the last one first.
    public synchronized void answer(String words) {
        List<Asked> answered = asked.stream()
                .filter(request -> request.prompt().contains(words))
                .toList();
        asked.removeAll(answered);
        for (Asked request : answered.reversed()) {
            request.listener().ended(model.answer(request.request()));
        }
    }

    /// Ends every open request as a broken engine does.
    public synchronized void breakDown(String reason) {
        failure = reason;
        asked.forEach(request -> request.listener().ended(new Outcome.Failed(reason)));
        asked.clear();
    }

    public synchronized boolean isClosed() {
        return closed;
    }

    @Override
    public synchronized int running() {
        return asked.size();
    }

    @Override
    public int waiting() {
        return 0;
    }

    @Override
    public Optional<String> failure() {
        return Optional.ofNullable(failure);
    }

    @Override
    public synchronized void close() {
        closed = true;
    }
}
