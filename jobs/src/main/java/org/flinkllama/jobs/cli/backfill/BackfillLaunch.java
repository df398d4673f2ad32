package org.flinkllama.jobs.cli.backfill;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.flinkllama.jobs.archive.ArchiveFile;
import org.flinkllama.jobs.archive.output.OutputFolder;
import org.flinkllama.jobs.backfill.BackfillException;
import org.flinkllama.jobs.backfill.BackfillInput;
import org.flinkllama.jobs.backfill.BackfillJob;
import org.flinkllama.jobs.backfill.BackfillProgress;
import org.flinkllama.jobs.backfill.WorkFolder;
import org.flinkllama.jobs.enrich.EnrichmentJob;
import org.flinkllama.jobs.local.LocalRun;
import org.flinkllama.jobs.local.Restore;
import org.flinkllama.operators.replica.ReplicaOptions;

/// Runs a backfill in this process, from where an earlier run of it stopped; or hands it to Flink's client, where that
/// runs this class.
///
/// @param name   of the job
/// @param work   folder that is the backfill's own
/// @param folder of the output on this machine; empty where it is elsewhere
/// @param how    it runs
/// @param out    where it is said how far the backfill is
record BackfillLaunch(String name, Path work, Optional<Path> folder, How how, PrintWriter out) {
    private static final String RANGE = "range";

    /// How a backfill runs.
    ///
    /// @param restart whether what earlier runs did is deleted
    record How(boolean restart, int parallelism, Duration checkpointInterval) {}

    /// A job and the replica in its plan.
    record Made(BackfillJob job, ReplicaOptions replica) {}

    /// Makes the job.
    @FunctionalInterface
    interface Job {
        /// @param range of the topic, where an earlier run has found it
        Made of(Optional<String> range) throws Exception;
    }

    static boolean inCluster() {
        return Thread.currentThread().getContextClassLoader() != ClassLoader.getSystemClassLoader();
    }

    void run(Job maker, Map<String, String> words) throws Exception {
        Configuration configuration = EnrichmentJob.configuration(how.checkpointInterval());
        if (inCluster()) {
            StreamExecutionEnvironment environment = StreamExecutionEnvironment.getExecutionEnvironment();
            environment.configure(configuration);
            environment.setParallelism(how.parallelism());
            maker.of(Optional.empty()).job().build(environment, Optional.empty());
            environment.execute(name);
            return;
        }
        WorkFolder state = new WorkFolder(work);
        Optional<OutputFolder> files = folder.map(OutputFolder::new);
        if (how.restart()) {
            state.clear();
            files.ifPresent(OutputFolder::clear);
        }
        Optional<Map<String, String>> earlier = state.settings();
        Made made = maker.of(earlier.map(found -> found.get(RANGE)));
        BackfillJob job = made.job();
        Map<String, String> settings = settings(job, made.replica(), words);
        if (earlier.isPresent()) {
            requireSame(earlier.get(), settings);
        } else {
            files.ifPresent(this::requireEmpty);
            state.begin(settings);
        }
        if (!state.hasEnded()) {
            if (job.input().size() > 0) {
                new LocalRun(state.checkpoints(), new Restore.Automatic(), how.parallelism(), configuration)
                        .run(
                                name,
                                environment -> job.build(environment, Optional.of(state.checkpointed())),
                                new BackfillProgress(job.input()),
                                out);
            } else {
                out.println("The input is empty: there is nothing to enrich.");
            }
        } else {
            out.println("All is done already: an earlier run has ended. To do it again, give --restart.");
        }
        // First, because the job must not be asked again for files that are named anew.
        state.complete();
        files.ifPresent(OutputFolder::finish);
        folder.ifPresent(path -> out.println("The results are in " + path + "."));
        out.flush();
    }

    private void requireEmpty(OutputFolder output) {
        List<Path> strange = output.strange();
        if (!strange.isEmpty() || !output.isEmpty()) {
            throw new BackfillException("The output folder '" + output.path() + "' is not empty"
                    + (strange.isEmpty()
                            ? " and the work folder of what is in it is gone"
                            : ": it has '" + strange.getFirst().getFileName() + "'")
                    + "; expected a new or empty folder, or that of an earlier run of this command. Give another"
                    + " --output" + (strange.isEmpty() ? ", or --restart to delete what is in it." : "."));
        }
    }

    private void requireSame(Map<String, String> earlier, Map<String, String> now) {
        Set<String> settings = new TreeSet<>(earlier.keySet());
        settings.addAll(now.keySet());
        List<String> different = settings.stream()
                .filter(setting -> !Objects.equals(now.get(setting), earlier.get(setting)))
                .toList();
        if (!different.isEmpty()) {
            throw new BackfillException("This is not what the backfill in '" + work + "' was begun with: "
                    + String.join(", ", different) + " differ" + (different.size() == 1 ? "s" : "")
                    + "; expected the same, or results would be mixed. Give another --output (with --skip-done for what"
                    + " is done), or --restart to delete what is there and begin anew.");
        }
    }

    /// All that decides what is written.
    private static Map<String, String> settings(BackfillJob job, ReplicaOptions replica, Map<String, String> words)
            throws IOException {
        Map<String, String> settings = new TreeMap<>(words);
        switch (job.input()) {
            case BackfillInput.Files(var files, var _) -> settings.put("input", listing(files));
            case BackfillInput.Topic(var _, var range, var _, var _) -> settings.put(RANGE, range.words());
        }
        settings.put("tasks", digest(job.plan().options().toString()));
        Path model = Path.of(replica.model().location().text());
        settings.put(
                "model",
                model.getFileName() + " of " + Files.size(model) + " bytes, " + replica.cacheType() + ", "
                        + replica.contextLength());
        settings.put("skip-done", listing(job.done().files()));
        return settings;
    }

    private static String listing(List<ArchiveFile> files) {
        long bytes = files.stream().mapToLong(ArchiveFile::size).sum();
        return files.size() + " files, " + bytes + " bytes, " + digest(files.toString());
    }

    private static String digest(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("This Java has no SHA-256, which every Java must have.", e);
        }
    }
}
