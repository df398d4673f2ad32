package org.flinkllama.jobs.archive.output;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.FileSystem.WriteMode;
import org.apache.flink.core.fs.Path;
import org.flinkllama.jobs.archive.ArchiveException;

/// Which job of a cluster writes to a folder of any of Flink's file systems: two jobs in one folder would write
/// documents twice. A job's claim is an empty file that is named after it.
///
/// A job may use it in several places at the same time. Of jobs that begin in one folder at the same moment, one at
/// most goes on.
///
/// @param folder of the job's output
public record OutputClaims(String folder) {
    private static final String CLAIM = "job-";
    private static final String WAYS_OUT =
            " Give another --output, with --skip-done for what is done; or --restore with a savepoint or the last"
                    + " checkpoint of the job that wrote there.";

    /// Ids of the jobs that have claimed the folder.
    public Set<String> jobs() {
        return names(work())
                .filter(name -> name.startsWith(CLAIM))
                .map(name -> name.substring(CLAIM.length()))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /// Fails where anybody has written to the folder, or has begun to.
    public void requireNew() {
        requireNothingBut(Set.of());
    }

    /// Claims the folder for a job that begins.
    ///
    /// @throws ArchiveException where anybody else has written to it, or has begun to
    public void begin(String job) {
        requireNothingBut(Set.of(job));
        write(job);
        try {
            requireNothingBut(Set.of(job));
        } catch (ArchiveException lost) {
            delete(job);
            throw lost;
        }
    }

    /// Ends the claim of a job that has written nothing.
    public void giveUp(String job) {
        delete(job);
    }

    /// Fails where a job has claimed the folder that is none of these, by which it would be written twice what was
    /// written since theirs.
    public void requireNoneBut(Set<String> jobs) {
        Set<String> others = new TreeSet<>(jobs());
        others.removeAll(jobs);
        if (!others.isEmpty()) {
            String other = others.iterator().next();
            throw new ArchiveException("The output folder '" + folder + "' was taken over by job " + other
                    + " after this savepoint or checkpoint was made: to go on from it would write documents twice. Go on"
                    + " from one of that job. If it has written nothing, delete '" + claim(other)
                    + "' and submit again.");
        }
    }

    /// Claims the folder for a job that goes on where others were, whose claims end.
    public void takeOver(String job, Set<String> others) {
        requireNoneBut(Stream.concat(Stream.of(job), others.stream()).collect(Collectors.toSet()));
        write(job);
        others.stream().filter(other -> !other.equals(job)).forEach(this::delete);
    }

    /// Ends all claims.
    void clear() {
        jobs().forEach(this::delete);
    }

    private void requireNothingBut(Set<String> own) {
        Set<String> jobs = new TreeSet<>(jobs());
        jobs.removeAll(own);
        if (!jobs.isEmpty()) {
            throw new ArchiveException("The output folder '" + folder + "' is that of job "
                    + jobs.iterator().next() + "; expected a new or empty folder, or documents are written twice."
                    + WAYS_OUT);
        }
        Stream<String> work =
                names(work()).filter(name -> !name.startsWith(CLAIM)).map(name -> OutputFolder.WORK + "/" + name);
        Stream<String> refused = names(new Path(folder, FileSinks.REJECTS))
                .filter(OutputClaims::isSeen)
                .map(name -> FileSinks.REJECTS + "/" + name);
        Stream<String> others = names(new Path(folder)).filter(name -> isSeen(name) && !name.equals(FileSinks.REJECTS));
        Stream.of(others, refused, work).flatMap(names -> names).findFirst().ifPresent(name -> {
            throw new ArchiveException("The output folder '" + folder + "' is not empty: it has '" + name
                    + "'; expected a new or empty folder." + WAYS_OUT);
        });
    }

    private static boolean isSeen(String name) {
        return !name.startsWith(".") && !name.startsWith("_");
    }

    private Path work() {
        return new Path(folder, OutputFolder.WORK);
    }

    private Path claim(String job) {
        return new Path(work(), CLAIM + job);
    }

    private Stream<String> names(Path path) {
        try {
            FileStatus[] found = path.getFileSystem().listStatus(path);
            return found == null
                    ? Stream.empty()
                    : Stream.of(found).map(status -> status.getPath().getName()).sorted();
        } catch (FileNotFoundException none) {
            return Stream.empty();
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    private void write(String job) {
        try {
            FileSystem fileSystem = claim(job).getFileSystem();
            fileSystem.mkdirs(work());
            if (!fileSystem.exists(claim(job))) {
                fileSystem.create(claim(job), WriteMode.NO_OVERWRITE).close();
            }
        } catch (IOException e) {
            if (!jobs().contains(job)) { // else another place of the job was faster
                throw unusable(e);
            }
        }
    }

    private void delete(String job) {
        try {
            claim(job).getFileSystem().delete(claim(job), false);
        } catch (IOException e) {
            if (jobs().contains(job)) {
                throw unusable(e);
            }
        }
    }

    private ArchiveException unusable(IOException e) {
        return new ArchiveException(
                "The output folder '" + folder + "' can't be used: " + e.getMessage()
                        + ". Check that the JobManager and every TaskManager may write there, or give another --output.",
                e);
    }
}
