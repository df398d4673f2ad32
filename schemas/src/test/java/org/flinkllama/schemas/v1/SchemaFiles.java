package org.flinkllama.schemas.v1;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaParser;

/// The schema files of the current version and of the released ones.
final class SchemaFiles {
    private static final Path CURRENT = Path.of("src/main/avro/org/flinkllama/schemas/v1");

    private SchemaFiles() {}

    /// Records of the current version, by name.
    static SortedMap<String, Schema> current() {
        return recordsIn(CURRENT);
    }

    /// Every record, enum and fixed type of the current version, those inside others too.
    static List<Schema> currentNamedTypes() {
        return namedTypesIn(CURRENT);
    }

    /// Records of each released version, by name; the oldest version first.
    static List<SortedMap<String, Schema>> released() {
        return releases().stream().map(SchemaFiles::recordsIn).toList();
    }

    /// Every record, enum and fixed type of all released versions; of one name there are as many as versions.
    static List<Schema> releasedNamedTypes() {
        return releases().stream()
                .flatMap(folder -> namedTypesIn(folder).stream())
                .toList();
    }

    private static List<Path> releases() {
        try {
            Path folder =
                    Path.of(SchemaFiles.class.getResource("/compatibility/v1").toURI());
            List<Path> releases = new ArrayList<>();
            for (int number = 1; Files.isDirectory(folder.resolve(Integer.toString(number))); number++) {
                releases.add(folder.resolve(Integer.toString(number)));
            }
            return releases;
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static SortedMap<String, Schema> recordsIn(Path folder) {
        List<String> names = filesIn(folder).stream()
                .map(file -> file.getFileName().toString().replace(".avsc", ""))
                .toList();
        SortedMap<String, Schema> records = new TreeMap<>();
        for (Schema schema : namedTypesIn(folder)) {
            if (names.contains(schema.getName())) {
                records.put(schema.getName(), schema);
            }
        }
        return records;
    }

    private static List<Schema> namedTypesIn(Path folder) {
        SchemaParser parser = new SchemaParser();
        filesIn(folder).forEach(file -> parse(parser, file));
        return parser.getParsedNamedSchemas();
    }

    private static void parse(SchemaParser parser, Path file) {
        try {
            parser.parse(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Path> filesIn(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".avsc"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
