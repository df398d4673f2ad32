package org.flinkllama.jobs.archive.output;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.avro.AvroRuntimeException;
import org.flinkllama.jobs.archive.ArchiveException;

/// The folder of this machine that a job writes to. While the job runs, files have names that are unique and long;
/// when it has ended they are numbered.
///
/// @param path for enrichments
public record OutputFolder(Path path) {
    /// Folder in it for what is known of whoever writes there.
    public static final String WORK = "_backfill";

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

    /// Makes few containers of many, numbers the files of a job that has ended, and deletes what a killed run
    /// left unfinished. May be done again when it was interrupted.
    public void finish() {
        for (Path folder : List.of(path, path.resolve(FileSinks.REJECTS))) {
            if (Files.isDirectory(folder)) {
                mergeContainers(folder, OutputFormat.AVRO);
                mergeContainers(folder, OutputFormat.PARQUET);
                numberFiles(folder);
            }
        }
    }

    private static void mergeContainers(Path folder, OutputFormat format) {
        ContainerMerge merge = new ContainerMerge(folder, format);
        try {
            merge.recover();
            List<Path> containers = written(folder, format.extension());
            if (containers.size() < 2) {
                return;
            }
            ContainerFormat kind = format.containers().orElseThrow();
            for (List<Path> parts : merge.groups(kind, containers)) {
                if (parts.size() > 1) {
                    merge.merge(kind, parts, numbered(folder, parts.getFirst(), lastNumber(folder) + 1));
                }
            }
        } catch (IOException | AvroRuntimeException e) {
            throw new ArchiveException("The containers in '" + folder + "' can't be merged: " + e.getMessage(), e);
        }
    }

    private static void numberFiles(Path folder) {
        long number = lastNumber(folder);
        for (Path file : written(folder, "")) {
            move(file, numbered(folder, file, ++number));
        }
        list(folder)
                .filter(file ->
                        UNFINISHED.matcher(file.getFileName().toString()).matches())
                .forEach(OutputFolder::delete);
    }

    /// Files of a job in order of their names.
    private static List<Path> written(Path folder, String extension) {
        return list(folder)
                .filter(file -> WRITTEN.matcher(file.getFileName().toString()).matches()
                        && file.toString().endsWith(extension))
                .sorted()
                .toList();
    }

    private static Path numbered(Path folder, Path file, long number) {
        Matcher name = WRITTEN.matcher(file.getFileName().toString());
        if (!name.matches()) {
            throw new IllegalArgumentException("'" + file + "' is no file of a job.");
        }
        return folder.resolve("%s-%05d%s".formatted(name.group(1), number, name.group(WRITTEN_EXTENSION)));
    }

    private static long lastNumber(Path folder) {
        return list(folder)
                .map(file -> NUMBERED.matcher(file.getFileName().toString()))
                .filter(Matcher::matches)
                .mapToLong(name -> Long.parseLong(name.group(2)))
                .max()
                .orElse(0);
    }

    /// Deletes what jobs have written, and nothing else.
    public void clear() {
        new OutputClaims(path.toString()).clear();
        for (Path folder : List.of(path.resolve(FileSinks.REJECTS), path)) {
            for (Path file : list(folder).toList()) {
                if (isFile(file.getFileName().toString())) {
                    delete(file);
                }
            }
        }
    }

    private static boolean isOwn(Path file) {
        String name = file.getFileName().toString();
        return name.startsWith("_") || name.equals(FileSinks.REJECTS) || isFile(name);
    }

    private static boolean isFile(String name) {
        return ContainerMerge.isOwn(name)
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
