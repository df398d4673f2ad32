package org.flinkllama.jobs.cli.arguments;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.flinkllama.operators.format.RecordFormat;
import org.flinkllama.operators.format.registry.RegistryAccess;
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
                    "Schema registry with Confluent's REST API, such as http://registry:8081. Avro records are then"
                            + " read and written in its wire format, with --format avro. Credentials: the environment variable"
                            + " SCHEMA_REGISTRY_USER_INFO (user:password) or SCHEMA_REGISTRY_TOKEN.")
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
    /// @param formats formats of the job's records, which must be Avro where a registry keeps their schemas
    public Optional<RegistryAccess> access(RecordFormat... formats) throws IOException {
        if (url == null) {
            if (file != null) {
                throw Usage.mistake(command, "Option 'schema-registry-config' needs --schema-registry.");
            }
            return Optional.empty();
        }
        boolean avro = false;
        for (RecordFormat format : formats) {
            avro |= format == RecordFormat.AVRO;
        }
        if (!avro) {
            throw Usage.mistake(command, "Option 'schema-registry' is for Avro records; add --format avro.");
        }
        RegistryAccess access = Usage.checked(command, () -> RegistryAccess.to(url));
        Credentials credentials = file == null ? Credentials.of(System.getenv()) : Credentials.of(read(file));
        return Optional.of(Usage.checked(command, () -> credentials.with(access)));
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
