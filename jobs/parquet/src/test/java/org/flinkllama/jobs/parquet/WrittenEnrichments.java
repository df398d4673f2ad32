package org.flinkllama.jobs.parquet;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.specific.SpecificData;
import org.apache.parquet.avro.AvroReadSupport;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.api.ReadSupport;
import org.apache.parquet.io.api.RecordMaterializer;
import org.flinkllama.jobs.archive.file.ColumnNames;
import org.flinkllama.jobs.archive.file.FileContent;
import org.flinkllama.jobs.archive.file.FileFormat;
import org.flinkllama.schemas.v1.Enrichment;

/// Reads files of enrichments as other programs do, by the schema of Avro that is in them.
final class WrittenEnrichments {
    private WrittenEnrichments() {}

    static FileContent content(Path file) throws IOException {
        return new FileContent(
                file.getFileName().toString(), FileFormat.PARQUET, ColumnNames.DEFAULT, Files.size(file), offset -> {
                    InputStream stream = Files.newInputStream(file);
                    stream.skipNBytes(offset);
                    return stream;
                });
    }

    static List<Enrichment> of(Path path) throws IOException {
        ParquetFile file = ParquetFile.open(content(path));
        PlainParquetConfiguration configuration = new PlainParquetConfiguration();
        AvroReadSupport<Enrichment> support = new AvroReadSupport<>(SpecificData.getForClass(Enrichment.class));
        List<Enrichment> enrichments = new ArrayList<>();
        for (ParquetFile.RowGroup group : file.groups()) {
            ReadSupport.ReadContext context = new ReadSupport.ReadContext(file.schema(), Map.of());
            RecordMaterializer<Enrichment> materializer =
                    support.prepareForRead(configuration, file.metadata(), file.schema(), context);
            try (Rows<Enrichment> rows = file.rows(group, file.schema(), materializer)) {
                for (Optional<Enrichment> row = rows.next(); row.isPresent(); row = rows.next()) {
                    enrichments.add(row.get());
                }
            }
        }
        return enrichments;
    }
}
