package org.flinkllama.model.tokenizer;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.concurrent.TimeUnit;
import org.flinkllama.model.gguf.GgufFile;
import org.flinkllama.model.llama.BundledModel;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// Text to tokens and back, with the bundled model's vocabulary. Reports tokens per second, too.
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(value = 1, jvmArgsAppend = "-Xmx1g")
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
public class EncodeBenchmark {
    private static final String PARAGRAPH = "The committee met on Tuesday 14 May and agreed to pay 49.90 euros for each"
            + " of the new kettles; a café owner, Ms Ångström, had asked for twelve. Nobody objected. 你好，世界!\n";

    @Param({"1", "40"})
    public int paragraphs;

    private Tokenizer tokenizer;
    private String text;
    private int[] tokens;

    /// What a second of work amounts to.
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.OPERATIONS)
    public static class Work {
        public long tokens;

        /// Counters are those of an iteration.
        @Setup(Level.Iteration)
        public void reset() {
            tokens = 0;
        }
    }

    /// Reads the vocabulary, which needs the file no longer.
    @Setup
    public void open() throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            tokenizer = Tokenizers.of(GgufFile.open(BundledModel.file(), arena).metadata());
        }
        text = PARAGRAPH.repeat(paragraphs);
        tokens = tokenizer.encode(text);
    }

    @Benchmark
    public int[] encode(Work work) {
        int[] encoded = tokenizer.encode(text);
        work.tokens += encoded.length;
        return encoded;
    }

    @Benchmark
    public String decode(Work work) {
        work.tokens += tokens.length;
        return tokenizer.decode(tokens);
    }
}
