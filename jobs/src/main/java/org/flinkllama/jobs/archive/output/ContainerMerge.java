package org.flinkllama.jobs.archive.output;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.file.CodecFactory;
import org.apache.avro.file.DataFileConstants;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;

/// Makes one container of several, block by block: a job commits one with each checkpoint. A merge that was
/// interrupted is ended or undone by [#recover()], and no record is ever in two files that readers see.
///
/// @param folder of the containers
record ContainerMerge(Path folder) {
    private static final String MERGED = ".merge.avro";
    private static final String PLAN = ".merge.list";
    private static final String UNFINISHED = ".new";
    private static final long LARGEST = 256L << 20; // bytes

    /// Names of files that are there while containers are merged.
    static boolean isOwn(String name) {
        return List.of(MERGED, PLAN, MERGED + UNFINISHED, PLAN + UNFINISHED).contains(name);
    }

    /// Neighbours among `containers` that may become one: their schemas are equal, and together they are not large.
    List<List<Path>> groups(List<Path> containers) throws IOException {
        List<List<Path>> groups = new ArrayList<>();
        long bytes = 0; // of the last group
        Schema schema = null; // of the last group; null before the first
        for (Path container : containers) {
            Schema own = schema(container);
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

    private static Schema schema(Path container) throws IOException {
        try (DataFileReader<GenericRecord> reader = open(container)) {
            return reader.getSchema();
        }
    }

    private static DataFileReader<GenericRecord> open(Path container) throws IOException {
        return new DataFileReader<>(container.toFile(), new GenericDatumReader<>());
    }

    private static CodecFactory codec(DataFileReader<GenericRecord> reader) {
        String name = reader.getMetaString(DataFileConstants.CODEC);
        return name == null ? CodecFactory.nullCodec() : CodecFactory.fromString(name);
    }

    /// Puts the records of `parts`, whose schemas are equal, into `target`, and deletes the parts.
    void merge(List<Path> parts, Path target) throws IOException {
        Path written = folder.resolve(MERGED + UNFINISHED);
        try (DataFileWriter<GenericRecord> writer = new DataFileWriter<>(new GenericDatumWriter<>())) {
            boolean created = false;
            for (Path part : parts) {
                try (DataFileReader<GenericRecord> reader = open(part)) {
                    if (!created) {
                        writer.setCodec(codec(reader));
                        writer.create(reader.getSchema(), written.toFile());
                        created = true;
                    }
                    writer.appendAllFrom(reader, false);
                }
            }
            writer.fSync();
        }
        Files.move(written, folder.resolve(MERGED), StandardCopyOption.ATOMIC_MOVE);
        List<String> plan = new ArrayList<>(List.of(target.getFileName().toString()));
        parts.forEach(part -> plan.add(part.getFileName().toString()));
        Path list = folder.resolve(PLAN + UNFINISHED);
        Files.write(list, plan);
        Files.move(list, folder.resolve(PLAN), StandardCopyOption.ATOMIC_MOVE);
        recover();
    }

    /// Ends a merge whose container is whole, and forgets one whose container is not.
    void recover() throws IOException {
        Path plan = folder.resolve(PLAN);
        if (Files.exists(plan)) {
            List<String> names = Files.readAllLines(plan);
            for (String part : names.subList(1, names.size())) {
                Files.deleteIfExists(folder.resolve(part));
            }
            if (Files.exists(folder.resolve(MERGED))) {
                Files.move(folder.resolve(MERGED), folder.resolve(names.getFirst()), StandardCopyOption.ATOMIC_MOVE);
            }
            Files.delete(plan);
        }
        for (String left : List.of(MERGED, MERGED + UNFINISHED, PLAN + UNFINISHED)) {
            Files.deleteIfExists(folder.resolve(left));
        }
    }
}
