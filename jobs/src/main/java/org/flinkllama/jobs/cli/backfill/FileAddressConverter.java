package org.flinkllama.jobs.cli.backfill;

import org.flinkllama.jobs.archive.ArchiveListing;
import picocli.CommandLine.ITypeConverter;

/// A path, glob or address of files, as a process in another folder has to be told of it.
public final class FileAddressConverter implements ITypeConverter<String> {
    @Override
    public String convert(String value) {
        return ArchiveListing.absolute(value);
    }
}
