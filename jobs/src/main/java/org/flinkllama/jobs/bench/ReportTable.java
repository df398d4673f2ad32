package org.flinkllama.jobs.bench;

import java.io.PrintWriter;
import java.util.Locale;
import org.flinkllama.jobs.bench.BenchReport.Decode;
import org.flinkllama.jobs.bench.BenchReport.MemoryRead;
import org.flinkllama.jobs.bench.BenchReport.Prefill;
import org.flinkllama.jobs.bench.backfill.BackfillSpeed;
import org.flinkllama.jobs.bench.job.CheckpointSpeed;
import org.flinkllama.jobs.bench.job.DocumentSpeed;
import org.flinkllama.jobs.bench.speed.Speed;

/// Prints a report for people to read.
public final class ReportTable {
    private final PrintWriter out;

    public ReportTable(PrintWriter out) {
        this.out = out;
    }

    public void print(BenchReport report) {
        MeasuredModel model = report.model();
        Machine machine = report.machine();
        line("model", "%s, %s, %s", model.name(), model.type(), size(model.bytes()));
        line("file", "%s", model.file());
        line("sha256", "%s", model.sha256());
        line("kv cache", "%s", report.cacheType());
        line("processor", "%s, %d used, vectors of %d bits", machine.cpu(), machine.processors(), machine.vectorBits());
        line("system", "%s; %s", machine.system(), machine.java());
        line("load", "%.1f before, %.1f after", report.loadBefore(), report.loadAfter());
        for (MemoryRead memory : report.memoryRead()) {
            line("memory", "%.1f GB/s read by %s", memory.gigabytesPerSecond(), threads(memory.threads()));
        }
        if (!report.prefill().isEmpty()) {
            printPrefill(report);
        }
        if (!report.decode().isEmpty()) {
            printDecode(report);
        }
        if (!report.documents().isEmpty()) {
            printDocuments(report);
        }
        if (!report.checkpoints().isEmpty()) {
            printCheckpoints(report);
        }
        if (!report.backfills().isEmpty()) {
            printBackfills(report);
        }
        out.flush();
    }

    private void printPrefill(BenchReport report) {
        out.println();
        row("%7s  %-14s %10s  %-18s", "threads", "prefill", "tokens/s", "lowest – highest");
        for (Prefill prefill : report.prefill()) {
            Speed speed = prefill.tokensPerSecond();
            row(
                    "%7d  %-14s %10.1f  %-18s",
                    prefill.threads(), prefill.tokens() + " tokens", speed.median(), range(speed));
        }
    }

    private void printDecode(BenchReport report) {
        out.println();
        row(
                "%7s  %-14s %10s  %-18s %11s %13s %11s",
                "threads", "decode", "tokens/s", "lowest – highest", "logits only", "weights GB/s", "of memory");
        for (Decode decode : report.decode()) {
            Speed speed = decode.tokensPerSecond();
            row(
                    "%7d  %-14s %10.1f  %-18s %11.1f %13.1f %10.0f%%",
                    decode.threads(),
                    decode.sequences() + (decode.sequences() == 1 ? " sequence" : " sequences"),
                    speed.median(),
                    range(speed),
                    decode.decoderTokensPerSecond().median(),
                    decode.weightGigabytesPerSecond(),
                    100 * decode.shareOfMemoryRead());
        }
    }

    private void printDocuments(BenchReport report) {
        out.println();
        row("%7s  %9s  %-38s %12s %10s", "threads", "in flight", "documents", "documents/s", "tokens/s");
        for (DocumentSpeed speed : report.documents()) {
            row(
                    "%7d  %9d  %-38s %12.2f %10.1f",
                    speed.threads(),
                    speed.inFlight(),
                    String.format(
                            Locale.ROOT,
                            "%d of %.0f tokens (%d shared) + %.0f",
                            speed.documents(),
                            speed.promptTokens(),
                            speed.sharedTokens(),
                            speed.generatedTokens()),
                    speed.documentsPerSecond(),
                    speed.tokensPerSecond());
        }
    }

    private void printBackfills(BenchReport report) {
        for (BackfillSpeed speed : report.backfills()) {
            out.println();
            line("threads", "%d", speed.threads());
            line(
                    "archive",
                    "%,d documents of %.0f tokens (%d shared) + %.0f, %d beside each other",
                    speed.documents(),
                    speed.promptTokens(),
                    speed.sharedTokens(),
                    speed.generatedTokens(),
                    speed.sequences());
            line(
                    "engine",
                    "%.1f tokens/s (%s), %.2f s of processors for 1,000",
                    speed.engineTokensPerSecond().median(),
                    range(speed.engineTokensPerSecond()),
                    speed.engineProcessorSeconds());
            line(
                    "backfill",
                    "%.1f tokens/s (%s), %.2f s of processors for 1,000",
                    speed.backfillTokensPerSecond().median(),
                    range(speed.backfillTokensPerSecond()),
                    speed.backfillProcessorSeconds());
            Speed share = speed.share();
            line(
                    "share",
                    "%.1f %% (%.1f – %.1f) of the engine's speed",
                    100 * share.median(),
                    100 * share.lowest(),
                    100 * share.highest());
        }
    }

    private void printCheckpoints(BenchReport report) {
        for (CheckpointSpeed speed : report.checkpoints()) {
            out.println();
            line("threads", "%d", speed.threads());
            line(
                    "load",
                    "%d documents in flight, %.0f tokens each; %.2f documents/s came out in %.0f s",
                    speed.inFlight(),
                    speed.promptTokens(),
                    speed.documentsPerSecond(),
                    speed.seconds());
            line("completed", "%d checkpoints, %d failed", speed.completed(), speed.failed());
            line(
                    "duration",
                    "median %d ms, 99 %% within %d ms, longest %d ms",
                    speed.medianMillis(),
                    speed.p99Millis(),
                    speed.longestMillis());
            line("largest", "%s", size(speed.largestBytes()));
            line("heap", "%s in use behind collections", size(speed.heapBytes()));
            line(
                    "process",
                    "%s in memory at the begin, %s at the end",
                    size(speed.processBytesBegin()),
                    size(speed.processBytesEnd()));
        }
    }

    private void line(String label, String format, Object... values) {
        row("%-10s %s", label, String.format(Locale.ROOT, format, values));
    }

    private void row(String format, Object... values) {
        out.println(String.format(Locale.ROOT, format, values).stripTrailing());
    }

    private static String range(Speed speed) {
        return String.format(Locale.ROOT, "%.1f – %.1f", speed.lowest(), speed.highest());
    }

    private static String threads(int threads) {
        return threads + (threads == 1 ? " thread" : " threads");
    }

    private static String size(long bytes) {
        return bytes < 1_000_000_000
                ? String.format(Locale.ROOT, "%.1f MB", bytes / 1e6)
                : String.format(Locale.ROOT, "%.2f GB", bytes / 1e9);
    }
}
