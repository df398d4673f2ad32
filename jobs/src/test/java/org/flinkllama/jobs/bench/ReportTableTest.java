package org.flinkllama.jobs.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.flinkllama.jobs.bench.backfill.BackfillSpeed;
import org.flinkllama.jobs.bench.job.CheckpointSpeed;
import org.flinkllama.jobs.bench.job.DocumentSpeed;
import org.flinkllama.jobs.bench.speed.Speed;
import org.flinkllama.model.llama.LlamaShape;
import org.flinkllama.model.tensor.TensorType;
import org.junit.jupiter.api.Test;

final class ReportTableTest {
    private static final MeasuredModel MODEL = new MeasuredModel(
            "big",
            "/models/big.gguf",
            1_234_567_890,
            "abc",
            new LlamaShape(1, 64, 64, 1, 1, 64, 64, 1e-5f),
            TensorType.Q8_0,
            1,
            1_000_000_000);
    private static final Machine MACHINE = new Machine("A CPU", 2, 512, "Linux", "Java 25");

    @Test
    void showsSpeedsInColumns() {
        BenchReport report = new BenchReport(
                MODEL,
                "f16",
                MACHINE,
                0.25,
                1.9,
                List.of(new BenchReport.MemoryRead(2, 50)),
                List.of(new BenchReport.Prefill(2, 512, Speed.of(101.26, 100, 102))),
                List.of(
                        new BenchReport.Decode(1, 1, 16, Speed.of(9, 11, 10), Speed.of(12), 10, 0.2),
                        new BenchReport.Decode(2, 16, 16, Speed.of(160), Speed.of(165), 10, 0.199)),
                List.of(),
                List.of(),
                List.of());
        assertThat(lines(report))
                .containsExactly(
                        "model      big, Q8_0, 1.23 GB",
                        "file       /models/big.gguf",
                        "sha256     abc",
                        "kv cache   f16",
                        "processor  A CPU, 2 used, vectors of 512 bits",
                        "system     Linux; Java 25",
                        "load       0.3 before, 1.9 after",
                        "memory     50.0 GB/s read by 2 threads",
                        "",
                        "threads  prefill          tokens/s  lowest – highest",
                        "      2  512 tokens          101.3  100.0 – 102.0",
                        "",
                        "threads  decode           tokens/s  lowest – highest   logits only  weights GB/s   of memory",
                        "      1  1 sequence           10.0  9.0 – 11.0                12.0          10.0         20%",
                        "      2  16 sequences        160.0  160.0 – 160.0            165.0          10.0         20%");
    }

    @Test
    void showsDocuments() {
        DocumentSpeed speed = new DocumentSpeed(2, 8, 64, 200.6, 61, 40, 3.126, 752.1);
        BenchReport report = new BenchReport(
                MODEL, "f32", MACHINE, 0, 0, List.of(), List.of(), List.of(), List.of(speed), List.of(), List.of());
        assertThat(lines(report))
                .endsWith(
                        "",
                        "threads  in flight  documents                               documents/s   tokens/s",
                        "      2          8  64 of 201 tokens (61 shared) + 40              3.13      752.1");
    }

    @Test
    void showsCheckpoints() {
        CheckpointSpeed speed = new CheckpointSpeed(
                2, 8, 1030.4, 60.2, 0.25, 58, 1, 12, 340, 402, 1_500_000, 80_000_000, 900_000_000, 905_000_000);
        BenchReport report = new BenchReport(
                MODEL, "f32", MACHINE, 0, 0, List.of(), List.of(), List.of(), List.of(), List.of(speed), List.of());
        assertThat(lines(report))
                .endsWith(
                        "",
                        "threads    2",
                        "load       8 documents in flight, 1030 tokens each; 0.25 documents/s came out in 60 s",
                        "completed  58 checkpoints, 1 failed",
                        "duration   median 12 ms, 99 % within 340 ms, longest 402 ms",
                        "largest    1.5 MB",
                        "heap       80.0 MB in use behind collections",
                        "process    900.0 MB in memory at the begin, 905.0 MB at the end");
    }

    @Test
    void showsABackfillBesideTheEngine() {
        BackfillSpeed speed = new BackfillSpeed(
                2,
                32,
                1000,
                119.6,
                61,
                16,
                Speed.of(1000, 1010, 990),
                Speed.of(950, 960, 940),
                Speed.of(0.95, 0.9412),
                1.8,
                1.9);
        BenchReport report = new BenchReport(
                MODEL, "f32", MACHINE, 0, 0, List.of(), List.of(), List.of(), List.of(), List.of(), List.of(speed));
        assertThat(lines(report))
                .endsWith(
                        "",
                        "threads    2",
                        "archive    1,000 documents of 120 tokens (61 shared) + 16, 32 beside each other",
                        "engine     1000.0 tokens/s (990.0 – 1010.0), 1.80 s of processors for 1,000",
                        "backfill   950.0 tokens/s (940.0 – 960.0), 1.90 s of processors for 1,000",
                        "share      94.6 % (94.1 – 95.0) of the engine's speed");
    }

    private static List<String> lines(BenchReport report) {
        StringWriter out = new StringWriter();
        new ReportTable(new PrintWriter(out)).print(report);
        return out.toString().lines().toList();
    }
}
