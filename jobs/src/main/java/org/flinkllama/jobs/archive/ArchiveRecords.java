package org.flinkllama.jobs.archive;

import java.io.IOException;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.file.src.reader.BulkFormat;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;
import org.flinkllama.jobs.archive.file.ColumnNames;
import org.flinkllama.schemas.v1.InputRecord;

/// Reads splits. A batch is a window of the split's records, the same one whenever the split is read.
record ArchiveRecords(ColumnNames columns) implements BulkFormat<InputRecord, ArchiveSplit> {
    private static final long serialVersionUID = 1L;

    @Override
    public Reader<InputRecord> createReader(Configuration configuration, ArchiveSplit split) throws IOException {
        return new SplitReader(split, columns);
    }

    @Override
    public Reader<InputRecord> restoreReader(Configuration configuration, ArchiveSplit split) throws IOException {
        return createReader(configuration, split);
    }

    @Override
    public boolean isSplittable() {
        return true;
    }

    @Override
    public TypeInformation<InputRecord> getProducedType() {
        return new AvroTypeInfo<>(InputRecord.class);
    }
}
