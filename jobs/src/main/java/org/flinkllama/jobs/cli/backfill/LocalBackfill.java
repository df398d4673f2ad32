package org.flinkllama.jobs.cli.backfill;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.flinkllama.jobs.archive.ArchiveFile;
import org.flinkllama.jobs.archive.ArchiveListing;
import org.flinkllama.jobs.archive.output.OutputClaims;
import org.flinkllama.jobs.archive.output.OutputFolder;
import org.flinkllama.jobs.backfill.BackfillException;
import org.flinkllama.jobs.backfill.BackfillInput;
import org.flinkllama.jobs.backfill.BackfillJob;
import org.flinkllama.jobs.backfill.BackfillProgress;
import org.flinkllama.jobs.backfill.WorkFolder;
import org.flinkllama.jobs.cli.arguments.ModelArguments;
import org.flinkllama.jobs.cli.arguments.Usage;
import org.flinkllama.jobs.enrich.EnrichmentJob;
import org.flinkllama.jobs.local.LocalRun;
import org.flinkllama.jobs.local.Restore;
import org.flinkllama.operators.replica.ReplicaOptions;
import picocli.CommandLine.Model.CommandSpec;

/// Runs a backfill in this process, from where an earlier run of it stopped.
final class LocalBackfill implements BackfillRun {
    private static final String RANGE = "range";

    @Override
    public void check(Options options, CommandSpec command) {
        if (options.restore().isPresent()) {
            throw Usage.mistake(
                    command,
                    "Option --restore is for jobs on a cluster; here the same command goes on by itself from its last"
                            + " checkpoint.");
        }
    }

    @Override
    public ReplicaOptions replica(ModelArguments model, int subtasks) throws IOException, InterruptedException {
        return model.checkedReplica(subtasks);
    }

    @Override
    public void run(Order order, Job maker) throws Exception {
        Optional<Path> folder = onThisMachine(order);
        WorkFolder state = new WorkFolder(work(order, folder));
        Optional<OutputFolder> files = folder.map(OutputFolder::new);
        if (order.options().restart()) {
            state.clear();
            files.ifPresent(OutputFolder::clear);
        }
        Optional<Map<String, String>> earlier = state.settings();
        Made made = maker.of(earlier.map(found -> found.get(RANGE)));
        BackfillJob job = made.job();
        Map<String, String> settings = settings(job, made.replica(), order.settings());
        if (earlier.isPresent()) {
            requireSame(state, earlier.get(), settings);
        } else {
            files.ifPresent(LocalBackfill::requireEmpty);
            state.begin(settings);
        }
        if (!state.hasEnded()) {
            runToItsEnd(order, job, state);
        } else {
            order.out().println("All is done already: an earlier run has ended. To do it again, give --restart.");
        }
        // First, because the job must not be asked again for files that are named anew.
        state.complete();
        files.ifPresent(OutputFolder::finish);
        folder.ifPresent(path -> order.out().println("The results are in " + path + "."));
        order.out().flush();
    }

    private static void runToItsEnd(Order order, BackfillJob job, WorkFolder state) throws InterruptedException {
        if (job.input().size() == 0) {
            order.out().println("The input is empty: there is nothing to enrich.");
            return;
        }
        Options options = order.options();
        new LocalRun(
                        state.checkpoints(),
                        new Restore.Automatic(),
                        options.parallelism(),
                        EnrichmentJob.configuration(options.checkpointInterval()))
                .run(
                        order.name(),
                        environment -> job.build(environment, Optional.of(state.checkpointed())),
                        new BackfillProgress(),
                        order.out());
    }

    private static Optional<Path> onThisMachine(Order order) {
        return order.folder()
                .filter(folder -> !ArchiveListing.isAddress(folder))
                .map(Path::of);
    }

    private static Path work(Order order, Optional<Path> folder) {
        return order.options()
                .work()
                .map(Path::toAbsolutePath)
                .or(() -> folder.map(path -> path.resolve(OutputFolder.WORK)))
                .orElseGet(() -> {
                    String state = System.getenv("XDG_STATE_HOME");
                    Path root = state == null || state.isBlank()
                            ? Path.of(System.getProperty("user.home"), ".local", "state")
                            : Path.of(state);
                    return root.resolve("flink-llama").resolve("backfill").resolve(order.name());
                });
    }

    private static void requireEmpty(OutputFolder output) {
        Set<String> jobs = new OutputClaims(output.path().toString()).jobs();
        if (!jobs.isEmpty()) {
            throw new BackfillException("The output folder '" + output.path() + "' is that of job "
                    + jobs.iterator().next() + " on a cluster; expected a new or empty folder. Give another --output"
                    + " (with --skip-done for what is done), or --restart when that job has ended, to delete what is in"
                    + " it.");
        }
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

    private static void requireSame(WorkFolder state, Map<String, String> earlier, Map<String, String> now) {
        Set<String> settings = new TreeSet<>(earlier.keySet());
        settings.addAll(now.keySet());
        List<String> different = settings.stream()
                .filter(setting -> !Objects.equals(now.get(setting), earlier.get(setting)))
                .toList();
        if (!different.isEmpty()) {
            throw new BackfillException("This is not what the backfill in '" + state.path() + "' was begun with: "
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
