package org.flinkllama.operators.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.flinkllama.model.cache.CacheShape;
import org.flinkllama.model.decoder.Batch;
import org.flinkllama.model.decoder.Decoder;
import org.flinkllama.model.generation.Engine;
import org.flinkllama.model.generation.EngineOptions;
import org.flinkllama.model.generation.Outcome;
import org.flinkllama.model.generation.Request;
import org.flinkllama.model.generation.Ticket;
import org.flinkllama.model.gguf.GgufFile;
import org.flinkllama.model.kernel.Kernel;
import org.flinkllama.model.llama.BundledModel;
import org.flinkllama.model.llama.LlamaModel;
import org.flinkllama.model.sampling.SamplingOptions;
import org.flinkllama.model.sampling.TokenConstraint;
import org.flinkllama.operators.replica.ReplicaSource.Stay;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ModelReplicaTest {
    @Test
    void answersManyRequestsAtOnceOnItsOwnThread() throws Exception {
        try (Replica replica =
                ReplicaOptions.of(BundledModel.file()).withThreads(1).open(ModelFiles.ON_DISK, Stay.NONE)) {
            List<CompletableFuture<String>> answers = new ArrayList<>();
            for (int request = 0; request < 20; request++) {
                CompletableFuture<String> answer = new CompletableFuture<>();
                answers.add(answer);
                replica.submit(generate(replica, 5 + request), "", outcome -> {
                    assertThat(Thread.currentThread().getName()).startsWith("llama-engine-");
                    answer.complete(((Outcome.Generated) outcome)
                            .completions()
                            .getFirst()
                            .text());
                });
            }
            for (CompletableFuture<String> answer : answers) {
                assertThat(answer.get()).isNotNull();
            }
            assertThat(replica.load().waiting()).isZero();
            assertThat(replica.model().sha256()).startsWith("d434b599");
            assertThat(replica.model().contextLength()).isEqualTo(512);
            assertThat(replica.failure()).isEmpty();
        }
    }

    @Test
    void failsARequestThatNeverFitsAndNoOther() throws Exception {
        try (Replica replica = ReplicaOptions.of(BundledModel.file())
                .withThreads(1)
                .withContextLength(64)
                .open(ModelFiles.ON_DISK, Stay.NONE)) {
            CompletableFuture<Outcome> tooLong = new CompletableFuture<>();
            CompletableFuture<Outcome> fits = new CompletableFuture<>();
            replica.submit(generate(replica, 65), "", tooLong::complete);
            replica.submit(generate(replica, 30), "", fits::complete);

            assertThat(tooLong.get()).isInstanceOf(Outcome.Failed.class);
            assertThat(fits.get()).isInstanceOf(Outcome.Generated.class);
            assertThat(replica.failure()).isEmpty();
        }
    }

    @Test
    void stopsInTheMiddleOfItsWork() throws Exception {
        Replica replica = ReplicaOptions.of(BundledModel.file()).withThreads(1).open(ModelFiles.ON_DISK, Stay.NONE);
        for (int request = 0; request < 50; request++) {
            replica.submit(generate(replica, 400), "", outcome -> {});
        }

        long before = System.nanoTime();
        replica.close();

        assertThat(System.nanoTime() - before).isLessThan(TimeUnit.SECONDS.toNanos(10));
    }

    @Test
    void takesARequestBackAndGoesOnWithTheOthers() throws Exception {
        try (Replica replica =
                ReplicaOptions.of(BundledModel.file()).withThreads(1).open(ModelFiles.ON_DISK, Stay.NONE)) {
            CompletableFuture<Outcome> takenBack = new CompletableFuture<>();
            CompletableFuture<Outcome> other = new CompletableFuture<>();
            Ticket ticket = replica.submit(generate(replica, 300, 200), "", takenBack::complete);
            replica.submit(generate(replica, 30), "", other::complete);
            ticket.cancel();

            assertThat(takenBack.get()).isEqualTo(new Outcome.Failed("The request was cancelled."));
            assertThat(other.get()).isInstanceOf(Outcome.Generated.class);
            ticket.cancel();
            Awaitility.await().until(() -> replica.load().usedPages() == 0);
            assertThat(replica.load().pageCapacity()).isPositive();
        }
    }

    @Test
    void endsEveryRequestWhenItsEngineBreaksAndRefusesMore() throws Exception {
        AtomicBoolean broken = new AtomicBoolean();
        AtomicBoolean released = new AtomicBoolean();
        try (LlamaModel model = LlamaModel.open(BundledModel.file());
                Replica replica = ModelReplica.start(
                        card(model),
                        () -> new Engine(
                                new BreakableDecoder(model.newDecoder(80, 1), broken),
                                model.tokenizer(),
                                new EngineOptions(1, 2, 16, 128, 0),
                                128),
                        () -> released.set(true))) {
            broken.set(true);
            List<CompletableFuture<Outcome>> ends = new ArrayList<>();
            for (int request = 0; request < 5; request++) {
                CompletableFuture<Outcome> end = new CompletableFuture<>();
                ends.add(end);
                replica.submit(generate(replica, 20), "", outcome -> {
                    assertThat(replica.failure()).isPresent();
                    end.complete(outcome);
                });
            }
            for (CompletableFuture<Outcome> end : ends) {
                assertThat(end.get()).isInstanceOf(Outcome.Failed.class);
            }
            assertThat(replica.failure())
                    .hasValueSatisfying(reason -> assertThat(reason).contains("Scripted to break"));
            CompletableFuture<Outcome> late = new CompletableFuture<>();
            replica.submit(generate(replica, 20), "", late::complete);
            assertThat(late.get()).isInstanceOf(Outcome.Failed.class);
        }
        assertThat(released).isTrue();
    }

    @Test
    void refusesToOpenWhatCannotComputeAToken() throws Exception {
        AtomicBoolean broken = new AtomicBoolean(true);
        try (LlamaModel model = LlamaModel.open(BundledModel.file())) {
            assertThatThrownBy(() -> ModelReplica.start(
                            card(model),
                            () -> new Engine(
                                    new BreakableDecoder(model.newDecoder(80, 1), broken),
                                    model.tokenizer(),
                                    new EngineOptions(1, 2, 16, 128, 0),
                                    128),
                            () -> {}))
                    .hasMessageContaining("Scripted to break");
        }
    }

    @Test
    void refusesAMissingModelAContextThatIsTooLongAndOptionsThatCannotBe() throws IOException {
        ReplicaOptions options = ReplicaOptions.of(BundledModel.file()).withThreads(1);

        assertThatThrownBy(() -> ReplicaOptions.of(Path.of("nowhere.gguf")).open(ModelFiles.ON_DISK, Stay.NONE))
                .isInstanceOf(ReplicaException.class)
                .hasMessageContaining("nowhere.gguf' does not exist");
        assertThatThrownBy(() -> options.withContextLength(513).open(ModelFiles.ON_DISK, Stay.NONE))
                .hasMessageContaining("Option 'context-length' is 513");
        assertThatThrownBy(() -> options.withMaxSequences(0))
                .hasMessage("Option 'max-sequences' is 0; expected 1 to 1024.");
    }

    @Test
    void refusesAFileWithAnotherHashAndTakesTheRightOne() throws Exception {
        ModelLocation location = new ModelLocation.Local(BundledModel.file().toString());
        String hash = GgufFile.sha256(BundledModel.file());
        ReplicaOptions right =
                ReplicaOptions.of(new WantedModel(location, hash, "")).withThreads(1);
        ReplicaOptions wrong = ReplicaOptions.of(new WantedModel(location, "ab".repeat(32), ""));

        right.open(ModelFiles.ON_DISK, Stay.NONE).close();
        assertThatThrownBy(() -> wrong.open(ModelFiles.ON_DISK, Stay.NONE))
                .isInstanceOf(ReplicaException.class)
                .hasMessageContaining("has the SHA-256 " + hash + "; expected " + "ab".repeat(32));
    }

    private static ModelCard card(LlamaModel model) throws IOException {
        return new ModelCard(model.name(), model.sha256(), model.tokenizer(), model.chatTemplate(), 128);
    }

    private static Request generate(Replica replica, int promptTokens) {
        return generate(replica, promptTokens, 8);
    }

    private static Request generate(Replica replica, int promptTokens, int maxTokens) {
        int[] prompt = new int[promptTokens];
        for (int token = 0; token < promptTokens; token++) {
            prompt[token] = 300 + 7 * token % 1000;
        }
        assertThat(replica.model().tokenizer().vocabularySize()).isGreaterThan(1300);
        return new Request.Generate(prompt, SamplingOptions.GREEDY, 1, maxTokens, List.of(), TokenConstraint.NONE);
    }

    /// A decoder that has an error once it is told to.
    private record BreakableDecoder(Decoder decoder, AtomicBoolean broken) implements Decoder {
        @Override
        public int vocabularySize() {
            return decoder.vocabularySize();
        }

        @Override
        public CacheShape cacheShape() {
            return decoder.cacheShape();
        }

        @Override
        public float[] decode(Batch batch) {
            if (broken.get()) {
                throw new InternalError("Scripted to break.");
            }
            return decoder.decode(batch);
        }

        @Override
        public Kernel kernel() {
            return decoder.kernel();
        }

        @Override
        public void close() {
            decoder.close();
        }
    }
}
