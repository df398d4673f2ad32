package org.flinkllama.jobs.archive.output;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Makes one container of several: a job commits one with each checkpoint. A merge that was interrupted is ended or
/// undone by [#recover()], and no record is ever in two files that readers see.
///
/// @param folder of the containers
record ContainerMerge(Path folder, OutputFormat format) {
    private static final String PLAN = ".list";
    private static final String UNFINISHED = ".new";
    private static final long LARGEST = 256L << 20; // bytes

    /// Whether a file of this name is there while containers are merged.
    static boolean isOwn(String name) {
        return Arrays.stream(OutputFormat.values())
                .anyMatch(format -> names(format).contains(name));
    }

    private static List<String> names(OutputFormat format) {
        String merged = merged(format);
        return List.of(merged, merged + PLAN, merged + UNFINISHED, merged + PLAN + UNFINISHED);
    }

    private static String merged(OutputFormat format) {
        return ".merge" + format.extension();
    }

    /// Neighbours among `containers` that may become one: their schemas are equal, and together they are not large.
    List<List<Path>> groups(ContainerFormat kind, List<Path> containers) throws IOException {
        List<List<Path>> groups = new ArrayList<>();
        long bytes = 0; // of the last group
        String schema = null; // of the last group; null before the first
        for (Path container : containers) {
            String own = kind.schema(container);
            if (!own.equals(schema) || bytes + Files.size(container) > LARGEST) {
                groups.add(new ArrayList<>());
                bytes = 0;
            }
            groups.getLast().add(container);
            bytes += Files.size(container);
            schema = own;
        }
        return groups;
    }

    /// Puts the records of `parts`, whose schemas are equal, into `target`, and deletes the parts.
    void merge(ContainerFormat kind, List<Path> parts, Path target) throws IOException {
        String merged = merged(format);
        Path written = folder.resolve(merged + UNFINISHED);
        Files.deleteIfExists(written);
        kind.join(parts, written);
        Files.move(written, folder.resolve(merged), StandardCopyOption.ATOMIC_MOVE);
        List<String> plan = new ArrayList<>(List.of(target.getFileName().toString()));
        parts.forEach(part -> plan.add(part.getFileName().toString()));
        Path list = folder.resolve(merged + PLAN + UNFINISHED);
        Files.write(list, plan);
        Files.move(list, folder.resolve(merged + PLAN), StandardCopyOption.ATOMIC_MOVE);
        recover();
    }

    /// Ends a merge whose container is whole, and forgets one whose container is not.
    void recover() throws IOException {
        Path merged = folder.resolve(merged(format));
        Path plan = folder.resolve(merged(format) + PLAN);
        if (Files.exists(plan)) {
            List<String> names = Files.readAllLines(plan);
            for (String part : names.subList(1, names.size())) {
                Files.deleteIfExists(folder.resolve(part));
            }
            if (Files.exists(merged)) {
                Files.move(merged, folder.resolve(names.getFirst()), StandardCopyOption.ATOMIC_MOVE);
            }
            Files.delete(plan);
        }
        for (String left : names(format)) {
            Files.deleteIfExists(folder.resolve(left));
        }
    }
}
