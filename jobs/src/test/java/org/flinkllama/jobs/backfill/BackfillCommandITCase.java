package org.flinkllama.jobs.backfill;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.flinkllama.jobs.cli.Main;
import org.flinkllama.jobs.cluster.JavaCommand;
import org.flinkllama.jobs.cluster.JavaProcess;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The command as users start it, in processes of its own.
final class BackfillCommandITCase {
    private static final int DOCUMENTS = 180;
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    @TempDir
    private Path folder;

    private Archive archive;

    @BeforeEach
    void makeArchive() throws IOException {
        archive = new Archive(folder.resolve("archive"));
        archive.lines("a.jsonl", 0, 100);
        archive.lines("b/c.jsonl.gz", 100, 160);
        archive.container("d.avro", 160, DOCUMENTS);
        archive.write("broken.jsonl", "no JSON\n{\"id\": \"x\"}\n");
    }

    @Test
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void goesOnWhereItWasKilledAndWritesWhatAnUnbrokenRunWrites() throws Exception {
        end(backfill("whole"));
        Path whole = folder.resolve("whole");
        assertThat(Archive.files(whole))
                .extracting(Path::getFileName)
                .containsExactly(Path.of("enrichments-00001.jsonl"));
        assertThat(Archive.written(whole)).hasSize(DOCUMENTS);
        assertThat(Archive.written(whole.resolve("rejects"))).hasSize(2).anySatisfy(line -> assertThat(line)
                .contains(
                        "\"source\":\"broken.jsonl\"",
                        "\"record\":1",
                        "\"stage\":\"DECODE\"",
                        "\"value\":\"no JSON\""));

        killInTheMiddle("killed");
        JavaProcess last = end(backfill("killed"));
        assertThat(printed(last)).contains("on from checkpoint", DOCUMENTS + " documents enriched, 2 records refused");
        Path killed = folder.resolve("killed");
        assertThat(Archive.written(killed)).isEqualTo(Archive.written(whole));
        assertThat(Archive.written(killed.resolve("rejects"))).isEqualTo(Archive.written(whole.resolve("rejects")));
        assertThat(hidden(killed)).isEmpty();

        // A run that was killed when all was done, before that could be noted.
        List<Path> files = Archive.files(killed);
        Files.delete(killed.resolve("_backfill/complete"));
        end(backfill("killed"));
        assertThat(Archive.files(killed)).isEqualTo(files);
        assertThat(Archive.written(killed)).isEqualTo(Archive.written(whole));

        JavaProcess other = backfill("killed", "--labels=good,bad");
        assertThat(exitCode(other)).isEqualTo(1);
        assertThat(printed(other)).contains("tasks differs", "--restart");
    }

    private void killInTheMiddle(String output) throws Exception {
        Path results = folder.resolve(output);
        long before = unfinishedBytes(results);
        JavaProcess job = backfill(output);
        try {
            long end = System.nanoTime() + PATIENCE.toNanos();
            while (unfinishedBytes(results) <= before) {
                assertThat(job.alive())
                        .as("the job ended and printed %s", printed(job))
                        .isTrue();
                assertThat(System.nanoTime())
                        .as("the job printed %s", printed(job))
                        .isLessThan(end);
                Thread.sleep(10);
            }
        } finally {
            job.kill();
        }
        assertThat(results.resolve("_backfill/checkpointed")).exists();
        assertThat(results.resolve("_backfill/complete")).doesNotExist();
    }

    /// Bytes in files of enrichments that are not finished: they grow with each checkpoint.
    private static long unfinishedBytes(Path results) throws IOException {
        long bytes = 0;
        for (Path file : hidden(results)) {
            bytes += Files.size(file);
        }
        return bytes;
    }

    private static List<Path> hidden(Path results) throws IOException {
        if (!Files.isDirectory(results)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(results)) {
            return files.filter(file -> file.getFileName().toString().startsWith(".enrichments"))
                    .toList();
        }
    }

    private JavaProcess backfill(String output, String... options) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(
                "backfill",
                "--input=" + archive.folder(),
                "--output=" + folder.resolve(output),
                "--tasks=sentiment",
                "--max-sequences=8",
                "--checkpoint-interval=250ms"));
        arguments.addAll(Arrays.asList(options));
        return new JavaCommand(Main.class.getName(), List.of("-Xmx512m"), arguments)
                .start("backfill", folder.resolve("printed-" + System.nanoTime() + ".txt"));
    }

    private static String printed(JavaProcess job) throws IOException {
        return Files.readString(job.log());
    }

    private static JavaProcess end(JavaProcess job) throws Exception {
        int code = exitCode(job);
        assertThat(code).as("the job printed %s", printed(job)).isZero();
        return job;
    }

    private static int exitCode(JavaProcess job) throws InterruptedException {
        return job.exitCode(PATIENCE);
    }
}
