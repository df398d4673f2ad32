package org.flinkllama.jobs.archive;

import java.io.IOException;
import org.apache.flink.connector.file.src.util.CheckpointedPosition;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.flinkllama.jobs.archive.file.FileFormat;
import org.flinkllama.jobs.archive.file.Stretch;

/// Splits in a checkpoint.
final class ArchiveSplitSerializer implements SimpleVersionedSerializer<ArchiveSplit> {
    private static final int VERSION = 1;

    @Override
    public int getVersion() {
        return VERSION;
    }

    @Override
    public byte[] serialize(ArchiveSplit split) throws IOException {
        DataOutputSerializer out = new DataOutputSerializer(256);
        ArchiveFile file = split.file();
        out.writeUTF(file.name());
        out.writeUTF(file.location());
        out.writeLong(file.size());
        out.writeLong(file.modified());
        out.writeUTF(file.format().name());
        out.writeLong(split.stretch().offset());
        out.writeLong(split.stretch().length());
        out.writeLong(split.stretch().firstNumber());
        out.writeLong(split.getReaderPosition()
                .map(CheckpointedPosition::getRecordsAfterOffset)
                .orElse(0L));
        return out.getCopyOfBuffer();
    }

    @Override
    public ArchiveSplit deserialize(int version, byte[] bytes) throws IOException {
        if (version != VERSION) {
            throw new IOException("A split of an archive has version " + version + "; expected " + VERSION
                    + ". Go on with the version of Flink Llama that wrote the checkpoint.");
        }
        DataInputDeserializer in = new DataInputDeserializer(bytes);
        ArchiveFile file = new ArchiveFile(
                in.readUTF(), in.readUTF(), in.readLong(), in.readLong(), FileFormat.valueOf(in.readUTF()));
        Stretch stretch = new Stretch(in.readLong(), in.readLong(), in.readLong());
        long read = in.readLong();
        return new ArchiveSplit(
                file, stretch, read == 0 ? null : new CheckpointedPosition(CheckpointedPosition.NO_OFFSET, read));
    }
}
