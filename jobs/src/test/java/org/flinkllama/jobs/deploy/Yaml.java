package org.flinkllama.jobs.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/// Reads the project's YAML files, merge keys resolved and doubled keys refused.
final class Yaml {
    private static final Path PROJECT = Path.of("..");

    private Yaml() {}

    static Path file(String path) {
        return PROJECT.resolve(path);
    }

    static JsonNode read(String path) throws IOException {
        return documents(path).getFirst();
    }

    static List<JsonNode> documents(String path) throws IOException {
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        List<JsonNode> documents = new ArrayList<>();
        ObjectMapper json = new ObjectMapper();
        new org.yaml.snakeyaml.Yaml(new SafeConstructor(options))
                .loadAll(Files.readString(file(path)))
                .forEach(document -> documents.add(json.valueToTree(document)));
        return documents;
    }
}
