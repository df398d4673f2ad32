package org.flinkllama.jobs.cli.backfill;

import java.util.Map;
import org.flinkllama.jobs.backfill.BackfillJob;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/// Defaults of options that are shared with other commands and mean throughput here: nobody waits for one document.
final class BackfillDefaults implements IDefaultValueProvider {
    private static final Map<String, String> DEFAULTS = Map.of(
            "--max-sequences",
            "" + BackfillJob.MAX_SEQUENCES,
            "--prefill-chunk",
            "" + BackfillJob.PREFILL_CHUNK,
            "--checkpoint-interval",
            "10s",
            "--timeout",
            "24h");

    @Override
    public String defaultValue(ArgSpec argument) {
        return argument instanceof OptionSpec option ? DEFAULTS.get(option.longestName()) : null;
    }
}
