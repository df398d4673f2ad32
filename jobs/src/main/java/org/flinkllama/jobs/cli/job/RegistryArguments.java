package org.flinkllama.jobs.cli.job;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.flinkllama.jobs.cli.arguments.Usage;
import org.flinkllama.operators.format.DocumentReader;
import org.flinkllama.operators.format.EnrichmentWriter;
import org.flinkllama.operators.format.RecordFormat;
import org.flinkllama.operators.format.registry.RegistryAccess;
import org.flinkllama.operators.format.registry.RegistryDocumentReader;
import org.flinkllama.operators.format.registry.RegistryEnrichmentWriter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Which schema registry keeps the schemas of Avro records, and what it is shown. Credentials are never options:
/// other users of a machine can read command lines, and Flink's web page shows a job's arguments.
public final class RegistryArguments {
    private static final String USER_INFO = "basic.auth.user.info";
    private static final String TOKEN = "bearer.auth.token";

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--schema-registry",
            paramLabel = "URL",
            description =
                    "Schema registry with Confluent's REST API, such as http://registry:8081. Records on topics whose"
                            + " format is avro are then read and written in its wire format. Credentials: the environment"
                            + " variable SCHEMA_REGISTRY_USER_INFO (user:password) or SCHEMA_REGISTRY_TOKEN.")
    private String url;

    @Option(
            names = "--schema-registry-config",
            paramLabel = "FILE",
            description =
                    "Properties file with the registry's credentials instead: basic.auth.user.info=USER:PASSWORD or"
                            + " bearer.auth.token=TOKEN.")
    private Path file;

    /// The registry, where there is one.
    ///
    /// @param formats formats of the job's topics, of which one must be Avro where a registry keeps schemas
    public Optional<RegistryAccess> access(RecordFormat... formats) throws IOException {
        return access(List.of(formats));
    }

    /// As [#access(RecordFormat...)].
    public Optional<RegistryAccess> access(Collection<RecordFormat> formats) throws IOException {
        if (url == null) {
            if (file != null) {
                throw Usage.mistake(command, "Option 'schema-registry-config' needs --schema-registry.");
            }
            return Optional.empty();
        }
        if (!formats.contains(RecordFormat.AVRO)) {
            throw Usage.mistake(
                    command, "Option 'schema-registry' is for Avro records on topics; choose the format avro for one.");
        }
        RegistryAccess access = Usage.checked(command, () -> RegistryAccess.to(url));
        Credentials credentials = file == null ? Credentials.of(System.getenv()) : Credentials.of(read(file));
        return Optional.of(Usage.checked(command, () -> credentials.with(access)));
    }

    /// Reads the documents of a topic. Fails where there is a registry that does not answer.
    ///
    /// @param registry of the topic's schemas, where there is one
    public static DocumentReader reader(Optional<RegistryAccess> registry, RecordFormat format, String topic) {
        DocumentReader reader = registry.filter(access -> format == RecordFormat.AVRO)
                .<DocumentReader>map(access -> RegistryDocumentReader.of(access, topic))
                .orElseGet(format::documentReader);
        reader.prepare();
        return reader;
    }

    /// Writes the enrichments of a topic, whose schema a registry knows from now on.
    ///
    /// @param registry of the topic's schemas, where there is one
    public static EnrichmentWriter writer(Optional<RegistryAccess> registry, RecordFormat format, String topic) {
        return registry.filter(access -> format == RecordFormat.AVRO)
                .<EnrichmentWriter>map(access -> RegistryEnrichmentWriter.of(access, topic))
                .orElseGet(format::enrichmentWriter);
    }

    private record Credentials(String userInfo, String token) {
        static Credentials of(Map<String, String> environment) {
            return new Credentials(
                    environment.getOrDefault("SCHEMA_REGISTRY_USER_INFO", ""),
                    environment.getOrDefault("SCHEMA_REGISTRY_TOKEN", ""));
        }

        static Credentials of(Properties file) {
            return new Credentials(file.getProperty(USER_INFO, ""), file.getProperty(TOKEN, ""));
        }

        RegistryAccess with(RegistryAccess access) {
            if (!userInfo.isEmpty() && !token.isEmpty()) {
                throw new IllegalArgumentException(
                        "The schema registry has both a user's password and a token; expected one of them.");
            }
            if (!userInfo.isEmpty()) {
                return access.withBasic(userInfo);
            }
            return token.isEmpty() ? access : access.withBearer(token);
        }
    }

    private Properties read(Path path) throws IOException {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(path)) {
            properties.load(reader);
        } catch (IllegalArgumentException e) {
            throw Usage.mistake(command, "The file '" + path + "' holds no properties; expected NAME=VALUE lines.");
        }
        if (!properties.containsKey(USER_INFO) && !properties.containsKey(TOKEN)) {
            throw Usage.mistake(
                    command, "The file '" + path + "' has neither '" + USER_INFO + "' nor '" + TOKEN + "'.");
        }
        return properties;
    }
}
