package org.flinkllama.operators.download;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.flinkllama.model.gguf.GgufException;
import org.flinkllama.model.gguf.GgufFile;
import org.flinkllama.operators.download.http.AccessToken;
import org.flinkllama.operators.download.http.HttpSource;
import org.flinkllama.operators.download.source.DownloadException;
import org.flinkllama.operators.download.source.Patience;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Downloads from a server on this machine.
final class ModelDownloadTest {
    private static final String SECRET = "hf_canary0123456789";

    private final RecordingTransfer transfer = new RecordingTransfer();
    private final byte[] bytes = random(1, 300_000);

    @TempDir
    private Path folder;

    private FileServer server;

    @BeforeEach
    void start() throws IOException {
        server = new FileServer(bytes);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void bringsTheWholeFileAndLeavesNoPart() throws Exception {
        Path file = pull(order());
        assertThat(file).isEqualTo(folder.resolve("m.gguf")).hasBinaryContent(bytes);
        assertThat(transfer.present()).isEqualTo(bytes.length);
        assertThat(names()).containsExactlyInAnyOrder("m.gguf", "m.gguf.json", ".m.lock");
    }

    @Test
    void goesOnBehindTheBytesThatArrivedBeforeTheConnectionWasCut() throws Exception {
        server.cutOnce(100_000);
        assertThat(pull(order())).hasBinaryContent(bytes);
        assertThat(transfer.begins()).hasSize(2);
        assertThat(transfer.begins().getLast()).isPositive();
        assertThat(server.requests().getLast())
                .containsEntry("range", "bytes=" + transfer.begins().getLast() + "-")
                .containsEntry("if-range", "\"one\"");
    }

    @Test
    void countsAServerThatSendsNothingAsLost() throws Exception {
        server.stallOnce(100_000);
        assertThat(pull(order())).hasBinaryContent(bytes);
        assertThat(transfer.interruptions()).hasSize(1).first().asString().contains("no byte came for");
    }

    @Test
    void goesOnWhereAnEarlierProcessStopped() throws Exception {
        leavePart(120_000);
        assertThat(pull(order())).hasBinaryContent(bytes);
        assertThat(transfer.begins()).containsExactly(120_000L);
    }

    @Test
    void beginsAgainWhereTheFileHasChanged() throws Exception {
        leavePart(120_000);
        byte[] other = random(2, 250_000);
        server.replaced(other, "\"two\"");
        assertThat(pull(order())).hasBinaryContent(other);
        assertThat(transfer.begins()).containsExactly(0L);
    }

    @Test
    void beginsAgainWhereTheServerKnowsNoRanges() throws Exception {
        server.withoutRanges().cutOnce(100_000);
        assertThat(pull(order())).hasBinaryContent(bytes);
        assertThat(transfer.begins()).containsExactly(0L, 0L);
    }

    @Test
    void beginsAgainWhereTheNameMeantAnotherAddress() throws Exception {
        leavePart(120_000);
        assertThat(pull(Order.of(server.address("/other.gguf")).named("m"))).hasBinaryContent(bytes);
        assertThat(transfer.begins()).containsExactly(0L);
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 429, 500, 502, 503, 504})
    void asksAgainWhereTheServerIsInTrouble(int status) throws Exception {
        server.refuses(status, 2);
        assertThat(pull(order())).hasBinaryContent(bytes);
        assertThat(transfer.interruptions()).containsExactly("HTTP " + status, "HTTP " + status);
    }

    @Test
    void givesUpAfterSoManyAttemptsAndKeepsWhatArrived() throws Exception {
        leavePart(120_000);
        server.refuses(503, 4);
        assertThatThrownBy(() -> pull(order()))
                .isInstanceOf(DownloadException.class)
                .hasMessageContaining("4 times in a row")
                .hasMessageContaining("HTTP 503")
                .hasMessageContaining("the same command goes on");
        assertThat(folder.resolve("m.gguf.part")).hasSize(120_000);
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403, 404, 400})
    void asksOnceWhereAskingAgainIsOfNoUse(int status) {
        server.refuses(status, 1);
        assertThatThrownBy(() -> pull(order()))
                .isInstanceOf(DownloadException.class)
                .hasMessageContaining("HTTP " + status)
                .hasMessageContaining(server.address("/m.gguf"))
                .hasMessageContaining(
                        switch (status) {
                            case 401, 403 -> "HF_TOKEN";
                            case 404 -> "model list";
                            default -> "expected 200";
                        });
        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void refusesAndDeletesBytesThatHaveNotTheHashAskedFor() throws Exception {
        assertThatThrownBy(() -> pull(order().withSha256("0".repeat(64))))
                .isInstanceOf(DownloadException.class)
                .hasMessageContaining(sha256(bytes))
                .hasMessageContaining("expected " + "0".repeat(64) + ", as asked for");
        assertThat(names()).containsExactly(".m.lock");
    }

    @Test
    void takesTheHashThatTheHubAnnounces() throws Exception {
        server.header("X-Linked-Etag", "\"" + "a".repeat(64) + "\"");
        assertThatThrownBy(() -> pull(order())).hasMessageContaining("as the server said");
        server.header("X-Linked-Etag", "\"" + sha256(bytes) + "\"");
        assertThat(pull(order())).exists();
    }

    @Test
    void takesTheHashFromTheRedirectingServer() throws Exception {
        server.header("X-Linked-Etag", "\"" + "a".repeat(64) + "\"");
        try (FileServer other = new FileServer(bytes)) {
            server.redirectsTo(other.address("/moved"));
            assertThatThrownBy(() -> pull(order())).hasMessageContaining("as the server said");
        }
    }

    @Test
    void checksAFileThatIsThereAndAsksForNothing() throws Exception {
        pull(order());
        assertThat(pull(order())).hasBinaryContent(bytes);
        assertThat(server.requests()).hasSize(1);
        Files.write(folder.resolve("m.gguf"), random(3, 10));
        assertThatThrownBy(() -> pull(order())).hasMessageContaining("Delete it and try again");
    }

    @Test
    void refusesToReplaceAFileFromElsewhere() throws Exception {
        Files.write(folder.resolve("m.gguf"), bytes);
        assertThatThrownBy(() -> pull(order())).hasMessageContaining("is there already, from elsewhere");
        assertThat(pull(order().withSha256(sha256(bytes)))).hasBinaryContent(bytes);
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void deletesAFileThatIsNoModel() {
        FileCheck check = file -> GgufFile.open(file, java.lang.foreign.Arena.ofAuto());
        ModelDownload download = new ModelDownload(new ModelCache(folder), patience(), transfer, check);
        assertThatThrownBy(() -> download.pull(order())).isInstanceOf(GgufException.class);
        assertThat(names()).containsExactly(".m.lock");
    }

    @Test
    void refusesAFileThatTheDiskHasNoRoomFor() throws Exception {
        try (LyingServer liar = new LyingServer(Long.MAX_VALUE / 4)) {
            assertThatThrownBy(() -> pull(Order.of(liar.address("/m.gguf"))))
                    .isInstanceOf(DownloadException.class)
                    .hasMessageContaining("MB left; the download needs");
            assertThat(names()).containsExactly(".m.lock");
        }
    }

    @Test
    void letsOneDownloadAtATimeHaveAName() throws Exception {
        ModelCache cache = new ModelCache(folder);
        try (ModelCache.Claim claim = cache.claim("m")) {
            assertThat(claim.channel().isOpen()).isTrue();
            assertThatThrownBy(() -> pull(order())).hasMessageContaining("being downloaded by somebody else");
        }
        assertThat(pull(order())).exists();
    }

    @Test
    void fetchesAFileOnceAndTakesItFromThenOn() throws Exception {
        assertThat(fetch(order())).hasBinaryContent(bytes);
        assertThat(fetch(order())).isEqualTo(folder.resolve("m.gguf"));
        assertThat(fetch(order().withSha256(sha256(bytes)))).isEqualTo(folder.resolve("m.gguf"));
        assertThat(server.requests()).hasSize(1);
        assertThat(transfer.ends()).containsExactly(sha256(bytes));
    }

    @Test
    void fetchesAFileAgainThatIsNotWhatItsRecordSays() throws Exception {
        fetch(order());
        Files.write(folder.resolve("m.gguf"), new byte[100]);
        assertThat(fetch(order())).hasBinaryContent(bytes);
        Files.delete(folder.resolve("m.gguf.json"));
        assertThat(fetch(order())).hasBinaryContent(bytes);
        byte[] other = random(2, 200_000);
        server.replaced(other, "\"two\"");
        assertThat(fetch(order())).hasBinaryContent(bytes);
        assertThat(fetch(order().withSha256(sha256(other)))).hasBinaryContent(other);
        assertThat(server.requests()).hasSize(4);
    }

    @Test
    void waitsForWhoeverDownloadsTheSame() throws Exception {
        server.holdOnce(100_000);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Path> first = threads.submit(() -> fetch(order()));
            await().until(() -> transfer.present() == 100_000);
            RecordingTransfer patient = new RecordingTransfer();
            Future<Path> second = threads.submit(() -> fetch(order(), patient));
            await().until(() -> patient.waits() > 1);
            assertThat(second.isDone()).isFalse();
            server.release();
            assertThat(second.get()).isEqualTo(first.get()).hasBinaryContent(bytes);
            assertThat(patient.begins()).isEmpty();
        }
        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void stopsWhereItsThreadIsInterruptedAndGoesOnNextTime() throws Exception {
        server.holdOnce(100_000);
        CompletableFuture<Throwable> end = new CompletableFuture<>();
        Thread task = Thread.startVirtualThread(() -> {
            try {
                fetch(order());
                end.complete(null);
            } catch (Exception stopped) {
                end.complete(stopped);
            }
        });
        await().until(() -> transfer.present() == 100_000);
        task.interrupt();
        assertThat(end.get(10, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
        assertThat(fetch(order())).hasBinaryContent(bytes);
        assertThat(transfer.begins()).containsExactly(0L, 100_000L);
    }

    @Test
    void showsTheTokenToItsOwnServerAlone() throws Exception {
        try (FileServer other = new FileServer(bytes)) {
            server.redirectsTo(other.address("/moved?signature=" + SECRET));
            pull(order().withToken(token(server)));
            assertThat(server.requests().getFirst()).containsEntry("authorization", "Bearer " + SECRET);
            assertThat(other.requests()).hasSize(1);
            assertThat(other.requests().getFirst()).doesNotContainKey("authorization");
            assertThat(Files.readString(folder.resolve("m.gguf.json"))).doesNotContain(SECRET);
        }
    }

    @Test
    void keepsTheTokenFromAServerThatItDoesNotBelongTo() throws Exception {
        pull(order().withToken(new AccessToken(URI.create("https://huggingface.co/"), SECRET)));
        assertThat(server.requests().getFirst()).doesNotContainKey("authorization");
    }

    @Test
    void namesNoSecretInAMessage() {
        server.refuses(403, 1);
        Order order = Order.of(server.address("/m.gguf?key=" + SECRET)).withToken(token(server));
        assertThatThrownBy(() -> pull(order))
                .hasMessageContaining("HTTP 403")
                .satisfies(failure -> assertThat(failure.getMessage()).doesNotContain(SECRET));
        assertThat(order.token().toString()).doesNotContain(SECRET);
    }

    @ParameterizedTest
    @ValueSource(strings = {"file:///etc/passwd", "ftp://127.0.0.1/x"})
    void followsNoRedirectAwayFromTheWeb(String target) {
        server.redirectsTo(target);
        assertThatThrownBy(() -> pull(order())).hasMessageContaining("expected an https address");
    }

    @Test
    void endsACircleOfRedirects() {
        server.redirectsTo("/m.gguf");
        assertThatThrownBy(() -> pull(order())).hasMessageContaining("More than 10 redirects");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"file:///x.gguf", "https:///x.gguf", "https://user:pass@host/x.gguf", "https://host/", "a b://c"
            })
    void refusesWhatIsNoAddressOfAFile(String address) {
        assertThatThrownBy(() -> Order.of(address))
                .isInstanceOf(DownloadException.class)
                .satisfies(failure -> assertThat(failure.getMessage()).doesNotContain("pass@"));
    }

    private Order order() {
        return Order.of(server.address("/m.gguf"));
    }

    private Path pull(Order order) throws IOException, InterruptedException {
        return new ModelDownload(new ModelCache(folder), patience(), transfer, file -> {}).pull(order);
    }

    private Path fetch(Order order) throws IOException, InterruptedException {
        return fetch(order, transfer);
    }

    private Path fetch(Order order, RecordingTransfer heard) throws IOException, InterruptedException {
        try (HttpSource source = new HttpSource(order.address(), order.token(), patience())) {
            return new ModelDownload(new ModelCache(folder), patience(), heard, file -> {}).fetch(order, source);
        }
    }

    private void leavePart(int length) throws IOException {
        Files.write(folder.resolve("m.gguf.part"), java.util.Arrays.copyOf(bytes, length));
        new Origin(server.address("/m.gguf"), "\"one\"", "", bytes.length).write(folder.resolve("m.gguf.part.json"));
    }

    private static AccessToken token(FileServer server) {
        return new AccessToken(URI.create(server.address("/")), SECRET);
    }

    private static Patience patience() {
        return new Patience(
                Duration.ofSeconds(30), Duration.ofMillis(1500), 3, Duration.ofMillis(1), Duration.ofMillis(4));
    }

    private String[] names() {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toArray(String[]::new);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private String sha256(byte[] content) throws IOException {
        Path file = Files.write(Files.createTempFile("content", ".bin"), content);
        try {
            return GgufFile.sha256(file);
        } finally {
            Files.delete(file);
        }
    }

    private static byte[] random(int seed, int length) {
        byte[] random = new byte[length];
        new Random(seed).nextBytes(random);
        return random;
    }
}
