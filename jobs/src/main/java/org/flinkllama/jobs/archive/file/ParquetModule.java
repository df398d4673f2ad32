package org.flinkllama.jobs.archive.file;

import java.util.ServiceLoader;

/// The module that reads and writes Parquet, if it is there: the usual build leaves it out for the size of its
/// libraries.
public final class ParquetModule {
    private ParquetModule() {}

    /// The module's part of a kind.
    ///
    /// @throws ModuleMissingException where it is not on the class path
    public static <T> T part(Class<T> kind) {
        return ServiceLoader.load(kind, kind.getClassLoader())
                .findFirst()
                .orElseThrow(() -> new ModuleMissingException(
                        "Parquet is not built in; expected its module, which is left out for the size of its libraries."
                                + " Run './flink-llama build --parquet' once, which puts it into the job's jar as well, and the"
                                + " command again."));
    }

    /// Fails where the module is missing, before a job begins.
    public static void require() {
        part(RecordFiles.class);
    }
}
