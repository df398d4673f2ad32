package org.flinkllama.jobs.archive.output;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.apache.flink.api.common.serialization.BulkWriter;
import org.flinkllama.jobs.archive.file.FileContent;
import org.flinkllama.schemas.v1.Enrichment;

/// Files of many records with a schema, written in one go: a job leaves one for each checkpoint.
public interface ContainerFormat {
    /// Writes a container. What it makes must not close the stream.
    BulkWriter.Factory<Enrichment> writers();

    /// What a container's records are, in words of the format: where it is equal, they fit into one container.
    String schema(Path container) throws IOException;

    /// Writes the records of `parts`, whose schemas are equal, to `target`, in their order, safe on its disk.
    void join(List<Path> parts, Path target) throws IOException;

    /// Gives a field of all records.
    ///
    /// @throws UnreadableContainerException where the file is damaged or has no such field
    void strings(FileContent container, String field, Consumer<String> values) throws IOException;
}
