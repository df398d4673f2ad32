package org.flinkllama.jobs.cli.arguments;

import java.nio.file.Files;
import java.nio.file.Path;
import org.flinkllama.operators.download.KnownModel;
import org.flinkllama.operators.download.ModelCache;
import org.flinkllama.operators.replica.ModelLocation;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// A model by its file's path or address, or by the name that it was pulled under.
public final class ModelLocationConverter implements ITypeConverter<ModelLocation> {
    private final ModelCache cache;

    public ModelLocationConverter() {
        this(ModelCache.ofUser(System.getenv()));
    }

    ModelLocationConverter(ModelCache cache) {
        this.cache = cache;
    }

    /// A path that is not there stays what it is: whoever opens it says so, and the job may run elsewhere.
    @Override
    public ModelLocation convert(String value) {
        try {
            return switch (ModelLocation.of(value)) {
                case ModelLocation.Local(String path) ->
                    new ModelLocation.Local(onThisMachine(path).toString());
                case ModelLocation elsewhere -> elsewhere;
            };
        } catch (IllegalArgumentException refused) {
            throw new TypeConversionException(refused.getMessage());
        }
    }

    private Path onThisMachine(String value) {
        Path path = Path.of(value);
        if (Files.exists(path)) {
            return path;
        }
        Path cached = cache.find(value).orElse(path);
        if (cached.equals(path) && KnownModel.of(value).isPresent()) {
            throw new TypeConversionException("the model '" + value
                    + "' is not here yet; get it with 'flink-llama model" + " pull " + value + "'.");
        }
        return cached;
    }

    /// A model as a process in another folder has to be told of it.
    public String absolute(String value) {
        return switch (convert(value)) {
            case ModelLocation.Local(String path) ->
                Path.of(path).toAbsolutePath().toString();
            case ModelLocation elsewhere -> elsewhere.text();
        };
    }
}
