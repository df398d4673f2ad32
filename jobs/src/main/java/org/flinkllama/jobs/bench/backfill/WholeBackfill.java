package org.flinkllama.jobs.bench.backfill;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.flinkllama.jobs.archive.ArchiveListing;
import org.flinkllama.jobs.archive.file.ColumnNames;
import org.flinkllama.jobs.archive.output.DoneIds;
import org.flinkllama.jobs.archive.output.OutputFolder;
import org.flinkllama.jobs.archive.output.OutputFormat;
import org.flinkllama.jobs.backfill.BackfillInput;
import org.flinkllama.jobs.backfill.BackfillJob;
import org.flinkllama.jobs.backfill.BackfillOutput;
import org.flinkllama.jobs.backfill.BackfillProgress;
import org.flinkllama.jobs.enrich.EnrichmentJob;
import org.flinkllama.jobs.local.LocalRun;
import org.flinkllama.jobs.local.Restore;
import org.flinkllama.jobs.local.TemporaryFolder;
import org.flinkllama.operators.enrich.EnrichmentPlan;
import org.flinkllama.operators.replica.ReplicaOptions;
import org.flinkllama.operators.task.EnrichmentOptions;

/// Runs a backfill as the command does, with checkpoints, from its start to the last file's last name.
///
/// @param archive  file of JSON lines
/// @param progress where it is said how far it is
record WholeBackfill(Path archive, EnrichmentOptions options, ReplicaOptions replica, PrintWriter progress) {
    private static final Duration CHECKPOINT_INTERVAL = Duration.ofSeconds(10);

    Passage run() throws InterruptedException {
        try (TemporaryFolder folder = TemporaryFolder.create("flink-llama-bench-")) {
            OutputFolder output = new OutputFolder(folder.path().resolve("output"));
            Passage.Start begin = Passage.Start.now();
            BackfillJob job = job(output);
            new LocalRun(
                            folder.path().resolve("checkpoints"),
                            new Restore.Automatic(),
                            1,
                            EnrichmentJob.configuration(CHECKPOINT_INTERVAL))
                    .run(
                            "flink-llama-bench",
                            environment -> job.build(environment, Optional.empty()),
                            new BackfillProgress(),
                            progress);
            output.finish();
            Passage passage = begin.end(TokenCount.NONE);
            return passage.with(written(output.path()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private BackfillJob job(OutputFolder output) {
        BackfillInput input = new BackfillInput.Files(
                new ArchiveListing(Optional.empty()).files(List.of(archive.toString())), ColumnNames.DEFAULT);
        return new BackfillJob(
                input,
                new BackfillOutput.Files(output.path().toString(), OutputFormat.JSONL),
                EnrichmentPlan.of(input.reader(), options, replica),
                DoneIds.NONE);
    }

    private static TokenCount written(Path folder) throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        TokenCount count = TokenCount.NONE;
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                for (String line : Files.readAllLines(file)) {
                    JsonNode provenance = mapper.readTree(line).required("provenance");
                    count = count.withDocument(
                            provenance.required("promptTokens").asLong(),
                            provenance.required("completionTokens").asLong());
                }
            }
        }
        return count;
    }
}
