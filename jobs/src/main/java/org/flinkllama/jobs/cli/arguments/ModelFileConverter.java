package org.flinkllama.jobs.cli.arguments;

import java.nio.file.Files;
import java.nio.file.Path;
import org.flinkllama.jobs.download.KnownModel;
import org.flinkllama.jobs.download.ModelCache;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// A model by the path of its file, or by the name that it was pulled under.
public final class ModelFileConverter implements ITypeConverter<Path> {
    private final ModelCache cache;

    public ModelFileConverter() {
        this(ModelCache.ofUser(System.getenv()));
    }

    ModelFileConverter(ModelCache cache) {
        this.cache = cache;
    }

    /// A path that is not there stays what it is: whoever opens it says so, and the job may run elsewhere.
    @Override
    public Path convert(String value) {
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
}
