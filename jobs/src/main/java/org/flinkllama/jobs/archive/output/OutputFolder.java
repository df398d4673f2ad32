package org.flinkllama.jobs.archive.output;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.flinkllama.jobs.archive.ArchiveException;

/// The folder of this machine that a job writes to. While the job runs, files have names that are unique and long;
/// when it has ended they are numbered.
///
/// @param path for enrichments
public record OutputFolder(Path path) {
    private static final Pattern WRITTEN = Pattern.compile("(enrichments|rejects)-[0-9a-f-]{36}-\\d+(\\.\\w+)");
    private static final Pattern NUMBERED = Pattern.compile("(enrichments|rejects)-(\\d{5,})(\\.\\w+)");
    private static final Pattern UNFINISHED =
            Pattern.compile("\\.(enrichments|rejects)-[0-9a-f-]{36}-\\d+\\.\\w+\\.inprogress\\..*");

    private static final int WRITTEN_EXTENSION = 2;

    /// Files in the folder that no job has written, work folders left out.
    public List<Path> strange() {
        return list(path).filter(file -> !isOwn(file)).toList();
    }

    /// Whether no job has written to it.
    public boolean isEmpty() {
        return list(path)
                .noneMatch(file -> isOwn(file) && !file.getFileName().toString().startsWith("_"));
    }

    /// Numbers the files of a job that has ended, and deletes what a killed run left unfinished. May be done again
    /// when it was interrupted.
    public void finish() {
        for (Path folder : List.of(path, path.resolve(FileSinks.REJECTS))) {
            long number = list(folder)
                    .map(file -> NUMBERED.matcher(file.getFileName().toString()))
                    .filter(Matcher::matches)
                    .mapToLong(name -> Long.parseLong(name.group(2)))
                    .max()
                    .orElse(0);
            for (Path file : list(folder).sorted().toList()) {
                String name = file.getFileName().toString();
                Matcher written = WRITTEN.matcher(name);
                if (written.matches()) {
                    number++;
                    move(
                            file,
                            folder.resolve(
                                    "%s-%05d%s".formatted(written.group(1), number, written.group(WRITTEN_EXTENSION))));
                } else if (UNFINISHED.matcher(name).matches()) {
                    delete(file);
                }
            }
        }
    }

    /// Deletes what jobs have written, and nothing else.
    public void clear() {
        for (Path folder : List.of(path.resolve(FileSinks.REJECTS), path)) {
            for (Path file : list(folder).toList()) {
                String name = file.getFileName().toString();
                if (Stream.of(WRITTEN, NUMBERED, UNFINISHED)
                        .anyMatch(pattern -> pattern.matcher(name).matches())) {
                    delete(file);
                }
            }
        }
    }

    private static boolean isOwn(Path file) {
        String name = file.getFileName().toString();
        return name.startsWith("_")
                || name.equals(FileSinks.REJECTS)
                || Stream.of(WRITTEN, NUMBERED, UNFINISHED)
                        .anyMatch(pattern -> pattern.matcher(name).matches());
    }

    private static Stream<Path> list(Path folder) {
        if (!Files.isDirectory(folder)) {
            return Stream.empty();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList().stream();
        } catch (IOException e) {
            throw new ArchiveException("The folder '" + folder + "' can't be read: " + e.getMessage(), e);
        }
    }

    private static void move(Path from, Path to) {
        try {
            Files.move(from, to);
        } catch (IOException e) {
            throw new ArchiveException("The file '" + from + "' can't be named '" + to + "': " + e.getMessage(), e);
        }
    }

    private static void delete(Path file) {
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw new ArchiveException("The file '" + file + "' can't be deleted: " + e.getMessage(), e);
        }
    }
}
