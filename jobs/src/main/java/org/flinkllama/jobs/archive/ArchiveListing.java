package org.flinkllama.jobs.archive;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;
import org.flinkllama.jobs.archive.file.FileFormat;
import org.flinkllama.jobs.archive.file.ParquetModule;

/// Finds the files that a user's words name: a file, a folder with all below it, or a glob such as
/// `logs/*.jsonl.gz`. Hidden files and those of other jobs, whose names begin with a dot or an underscore, are left
/// out, and in folders whatever has no known extension.
public final class ArchiveListing {
    private static final Pattern GLOB = Pattern.compile("[*?\\[{]");
    private static final Pattern ADDRESS = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:/.*");

    private final Optional<FileFormat> format;

    /// @param format of all files; by their names where empty
    public ArchiveListing(Optional<FileFormat> format) {
        this.format = format;
    }

    /// The files in order of their names.
    ///
    /// @throws ArchiveException where a word names none, or two files get one name
    public List<ArchiveFile> files(List<String> words) {
        Map<String, ArchiveFile> byName = new HashMap<>();
        for (String word : words) {
            for (ArchiveFile file : files(word)) {
                ArchiveFile same = byName.putIfAbsent(file.name(), file);
                if (same != null && !same.location().equals(file.location())) {
                    throw new ArchiveException("Two files are both called '" + file.name() + "': '" + same.location()
                            + "' and '" + file.location()
                            + "'; expected different names, which tell records apart. Name the folder above both.");
                }
            }
        }
        return byName.values().stream()
                .sorted(Comparator.comparing(ArchiveFile::name))
                .toList();
    }

    private List<ArchiveFile> files(String word) {
        try {
            Optional<String> glob = GLOB.matcher(word).find() ? Optional.of(absolute(word)) : Optional.empty();
            String begin = glob.map(ArchiveListing::fixedFolder).orElseGet(() -> absolute(word));
            FileSystem fileSystem = new Path(begin).getFileSystem();
            FileStatus status = fileSystem.getFileStatus(new Path(begin));
            List<ArchiveFile> files = new ArrayList<>();
            if (!status.isDir()) {
                files.add(named(status, status.getPath().getName()));
            } else {
                Optional<PathMatcher> matcher = glob.map(
                        pattern -> FileSystems.getDefault().getPathMatcher("glob:" + new Path(pattern).getPath()));
                walk(fileSystem, status.getPath(), "", matcher, files);
            }
            if (files.isEmpty()) {
                throw new ArchiveException("Input '" + word + "' names no file; expected one at least"
                        + (glob.isPresent() || format.isPresent()
                                ? "."
                                : ", of .jsonl, .csv, .txt or .avro, each also .gz or .zst, or .parquet. Say what the files are by"
                                        + " --input-format."));
            }
            return files;
        } catch (FileNotFoundException e) {
            throw new ArchiveException("Input '" + word + "' does not exist; check the path.", e);
        } catch (IOException e) {
            throw new ArchiveException("Input '" + word + "' can't be listed: " + e.getMessage(), e);
        }
    }

    private void walk(
            FileSystem fileSystem, Path folder, String prefix, Optional<PathMatcher> glob, List<ArchiveFile> files)
            throws IOException {
        for (FileStatus status : fileSystem.listStatus(folder)) {
            String name = status.getPath().getName();
            if (name.startsWith(".") || name.startsWith("_")) {
                continue;
            }
            if (status.isDir()) {
                walk(fileSystem, status.getPath(), prefix + name + "/", glob, files);
                continue;
            }
            boolean wanted = glob.map(matcher -> matcher.matches(
                            java.nio.file.Path.of(status.getPath().getPath())))
                    .orElseGet(
                            () -> format.isPresent() || FileFormat.ofName(name).isPresent());
            if (wanted) {
                files.add(named(status, prefix + name));
            }
        }
    }

    private ArchiveFile named(FileStatus status, String name) {
        FileFormat found = format.or(() -> FileFormat.ofName(name))
                .orElseThrow(() -> new ArchiveException("The file '" + status.getPath()
                        + "' has no known extension; expected .jsonl, .csv, .txt or .avro, each also .gz or .zst, or .parquet."
                        + " Say what it is by --input-format."));
        if (found == FileFormat.PARQUET) {
            ParquetModule.require();
        }
        return new ArchiveFile(name, status.getPath().toString(), status.getLen(), status.getModificationTime(), found);
    }

    /// Whether a word begins with the scheme of a file system, such as `s3://bucket/folder` or `file:/folder`.
    public static boolean isAddress(String word) {
        return ADDRESS.matcher(word).matches();
    }

    /// A word that means the same in every folder: an address as it is, a path from the root.
    public static String absolute(String word) {
        return isAddress(word)
                ? word
                : java.nio.file.Path.of(word).toAbsolutePath().normalize().toString();
    }

    /// The folder in front of the first part with a sign of a glob.
    private static String fixedFolder(String glob) {
        int sign = glob.length();
        var signs = GLOB.matcher(glob);
        if (signs.find()) {
            sign = signs.start();
        }
        return glob.substring(0, Math.max(1, glob.lastIndexOf('/', sign)));
    }
}
