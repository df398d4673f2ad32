package org.flinkllama.jobs.archive.output;

import java.time.Duration;
import org.apache.flink.api.common.serialization.Encoder;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.connector.file.sink.FileSink;
import org.apache.flink.core.fs.Path;
import org.apache.flink.streaming.api.functions.sink.filesystem.OutputFileConfig;
import org.apache.flink.streaming.api.functions.sink.filesystem.RollingPolicy;
import org.apache.flink.streaming.api.functions.sink.filesystem.bucketassigners.BasePathBucketAssigner;
import org.apache.flink.streaming.api.functions.sink.filesystem.rollingpolicies.DefaultRollingPolicy;
import org.flinkllama.operators.format.EnrichmentWriter;
import org.flinkllama.operators.format.RecordFormat;
import org.flinkllama.schemas.v1.DeadLetter;
import org.flinkllama.schemas.v1.Enrichment;

/// What a job writes into a folder: files that appear under their names with the checkpoint that completes them,
/// and hold each record once.
///
/// @param folder for enrichments; refused records go to the folder [#REJECTS] in it
public record FileSinks(String folder) {
    /// Folder and file names of the refused records.
    public static final String REJECTS = "rejects";

    static final String ENRICHMENTS = "enrichments";
    private static final MemorySize LARGEST_FILE = MemorySize.ofMebiBytes(256);
    private static final Duration LONGEST_OPEN = Duration.ofMinutes(15);

    public FileSink<Enrichment> enrichments(OutputFormat format) {
        return format.containers()
                .map(containers -> FileSink.<Enrichment>forBulkFormat(new Path(folder), containers.writers())
                        .withBucketAssigner(new BasePathBucketAssigner<>())
                        .withOutputFileConfig(files(ENRICHMENTS, format))
                        .build())
                .orElseGet(this::enrichmentLines);
    }

    private FileSink<Enrichment> enrichmentLines() {
        EnrichmentWriter writer = RecordFormat.JSON.enrichmentWriter();
        return lines(folder, ENRICHMENTS, (enrichment, stream) -> {
            stream.write(writer.write(enrichment));
            stream.write('\n');
        });
    }

    public FileSink<DeadLetter> deadLetters() {
        return lines(folder + "/" + REJECTS, REJECTS, new RejectLine());
    }

    private static <T> FileSink<T> lines(String folder, String name, Encoder<T> encoder) {
        RollingPolicy<T, String> rolling = DefaultRollingPolicy.builder()
                .withMaxPartSize(LARGEST_FILE)
                .withRolloverInterval(LONGEST_OPEN)
                .withInactivityInterval(LONGEST_OPEN)
                .build();
        return FileSink.forRowFormat(new Path(folder), encoder)
                .withBucketAssigner(new BasePathBucketAssigner<>())
                .withRollingPolicy(rolling)
                .withOutputFileConfig(files(name, OutputFormat.JSONL))
                .build();
    }

    private static OutputFileConfig files(String name, OutputFormat format) {
        return OutputFileConfig.builder()
                .withPartPrefix(name)
                .withPartSuffix(format.extension())
                .build();
    }
}
