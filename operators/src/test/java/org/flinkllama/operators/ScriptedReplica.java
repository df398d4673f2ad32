package org.flinkllama.operators;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.flinkllama.model.generation.Load;
import org.flinkllama.model.generation.Outcome;
import org.flinkllama.model.generation.Request;
import org.flinkllama.model.generation.RequestListener;
import org.flinkllama.model.generation.Ticket;
import org.flinkllama.operators.replica.ModelCard;
import org.flinkllama.operators.replica.ModelFiles;
import org.flinkllama.operators.replica.Replica;
import org.flinkllama.operators.replica.ReplicaSource;

/// A replica of a scripted model that answers when it is told to, or at once on a thread of its own.
public final class ScriptedReplica implements Replica {
    private final ScriptedModel model;
    private final boolean atOnce;
    private final List<Asked> asked = new ArrayList<>(); // guarded by this
    private boolean closed;
    private volatile String failure;

    private int sampled;

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
        private transient Stay stay;

        public Source(ScriptedModel model, boolean atOnce, int maxSequences) {
            this.model = model;
            this.atOnce = atOnce;
            this.maxSequences = maxSequences;
        }

        @Override
        public Replica open(ModelFiles files, Stay stay) {
            current = new ScriptedReplica(model, atOnce);
            this.stay = stay;
            return current;
        }

        /// What the last replica was opened for.
        public Stay stay() {
            return stay;
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
    public Ticket submit(Request request, String scope, RequestListener listener) {
        Asked question = new Asked(request, scope, listener);
        if (atOnce) {
            Thread.ofVirtual().start(() -> question.say(Integer.MAX_VALUE));
            return () -> {};
        }
        question.replay();
        synchronized (this) {
            asked.add(question);
        }
        return () -> cancel(question);
    }

    private synchronized void cancel(Asked question) {
        if (asked.remove(question)) {
            question.listener.ended(new Outcome.Failed("The request was cancelled."));
        }
    }

    /// A request, and how much of its answer was told.
    private final class Asked {
        private final Request request;
        private final String scope;
        private final RequestListener listener;
        private int told;
        private Outcome answer; // null until it is asked for

        private Asked(Request request, String scope, RequestListener listener) {
            this.request = request;
            this.scope = scope;
            this.listener = listener;
        }

        private String prompt() {
            return model.tokenizer.text(request.prompt());
        }

        /// Tells what a resumed request goes on from; it is no more asked of the model than its answer allows.
        private void replay() {
            if (request instanceof Request.Generate generate
                    && !generate.sampled().isEmpty()
                    && generate.sampled().getFirst().tokens().length > 0) {
                int known = generate.sampled().getFirst().tokens().length;
                say(known);
                sampled -= known;
            }
        }

        /// Tells further tokens, and the end where there are no more.
        ///
        /// @return whether it has ended
        private boolean say(int count) {
            if (answer == null) {
                answer = model.answer(request);
            }
            int spoken = 0;
            if (answer instanceof Outcome.Generated generated) {
                Outcome.Completion completion = generated.completions().getFirst();
                int all = completion.logProbabilities().length;
                for (; told < all && spoken < count; told++, spoken++) {
                    tell(completion);
                }
                if (told < all || spoken == count) {
                    return false;
                }
            }
            listener.ended(answer);
            return true;
        }

        private void tell(Outcome.Completion completion) {
            boolean ends = told == completion.tokens().length;
            int token = ends ? WordTokenizer.END : completion.tokens()[told];
            String text = ends
                    ? ""
                    : text(completion, told + 1)
                            .substring(text(completion, told).length());
            listener.generated(0, token, completion.logProbabilities()[told], text);
            sampled++;
        }
    }

    private String text(Outcome.Completion completion, int tokens) {
        return model.tokenizer.text(Arrays.copyOf(completion.tokens(), tokens));
    }

    /// Tokens that were sampled, those of resumed requests that were known before left out.
    public synchronized int sampled() {
        return sampled;
    }

    /// Ends every open request whose prompt has these words as failed.
    public synchronized void failOnce(String words) {
        List<Asked> failed = asked.stream()
                .filter(request -> request.prompt().contains(words))
                .toList();
        asked.removeAll(failed);
        failed.forEach(request -> request.listener.ended(new Outcome.Failed("Scripted to fail once.")));
    }

    /// Tells `count` further tokens of every open request whose prompt has these words.
    public synchronized void generate(String words, int count) {
        asked.removeIf(request -> request.prompt().contains(words) && request.say(count));
    }

    /// Prompts of the requests that are not answered yet.
    public synchronized List<String> open() {
        return asked.stream().map(Asked::prompt).toList();
    }

    /// Scopes of the requests that are not answered yet.
    public synchronized List<String> scopes() {
        return asked.stream().map(request -> request.scope).toList();
    }

    /// Answers every open request whose prompt has these words, the last one first.
    public synchronized void answer(String words) {
        List<Asked> answered = asked.stream()
                .filter(request -> request.prompt().contains(words))
                .toList();
        asked.removeAll(answered);
        for (Asked request : answered.reversed()) {
            request.say(Integer.MAX_VALUE);
        }
    }

    /// Ends every open request as a broken engine does.
    public synchronized void breakDown(String reason) {
        failure = reason;
        asked.forEach(request -> request.listener.ended(new Outcome.Failed(reason)));
        asked.clear();
    }

    public synchronized boolean isClosed() {
        return closed;
    }

    @Override
    public synchronized Load load() {
        return new Load(asked.size(), 0, asked.size(), 8, 0);
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
