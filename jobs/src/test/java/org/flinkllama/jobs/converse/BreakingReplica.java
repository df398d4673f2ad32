package org.flinkllama.jobs.converse;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

/// Opens replicas, one of which breaks after some tokens; a file says that it did.
record BreakingReplica(ReplicaSource source, int tokens, String broken) implements ReplicaSource {
    @Override
    public int maxSequences() {
        return source.maxSequences();
    }

    @Override
    public Replica open(ModelFiles files, Stay stay) throws IOException, InterruptedException {
        Replica whole = source.open(files, stay);
        return Files.exists(Path.of(broken)) ? whole : new Breaking(whole);
    }

    private final class Breaking implements Replica {
        private final Replica whole;
        private int left = tokens; // the replica's thread's
        private volatile String failure;

        private Breaking(Replica whole) {
            this.whole = whole;
        }

        @Override
        public ModelCard model() {
            return whole.model();
        }

        @Override
        public Ticket submit(Request request, String scope, RequestListener listener) {
            return whole.submit(request, scope, new RequestListener() {
                @Override
                public void generated(int sequence, int token, float logProbability, String text) {
                    if (failure == null) {
                        listener.generated(sequence, token, logProbability, text);
                        left--;
                    }
                    if (left == 0) {
                        left = -1;
                        breakDown(listener);
                    }
                }

                @Override
                public void ended(Outcome outcome) {
                    if (failure == null) {
                        listener.ended(outcome);
                    }
                }
            });
        }

        private void breakDown(RequestListener listener) {
            failure = "The replica broke, as it was told to.";
            try {
                Files.createFile(Path.of(broken));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            listener.ended(new Outcome.Failed(failure));
        }

        @Override
        public Load load() {
            return whole.load();
        }

        @Override
        public Optional<String> failure() {
            return Optional.ofNullable(failure).or(whole::failure);
        }

        @Override
        public void close() {
            whole.close();
        }
    }
}
