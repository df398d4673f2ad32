package org.flinkllama.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class BenchCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @ParameterizedTest
    @CsvSource({
        "--type=Q4_0, give their --shape",
        "M.gguf --shape=llama1b, Both the model 'M.gguf' and --shape are given",
        "--shape=smol135m --type=Q6_K, Shape 'smol135m' can't be Q6_K",
        "--shape=gpt2, --shape",
        "--shape=starter --type=Q9, 'Q9' is no type of weights; expected one of F32",
        "--prefill=4000, Option 'prefill' is 4000; this model reads at most 512 tokens.",
        "--context=500, Options 'context' 500 and 'decode-tokens' 64",
        "'--batch=0,1', Option 'batch' is 0; expected 1 to 1024.",
        "'--threads=1,x', 'x' is not an int",
        "--repetitions=0, Option 'repetitions' is 0; expected 1 or more.",
        "--warm-up=5, '5' is no time",
        "--documents=0, Option 'documents' is 0; expected 1 or more.",
        "--documents=8 --in-flight=0, Option 'in-flight' is 0; expected 1 or more.",
        "--backfill=0, Option 'backfill' is 0; expected 1 or more.",
        "--backfill=8 --in-flight=0, Option 'in-flight' is 0; expected 1 or more."
    })
    void saysWhatIsWrongInTheUse(String arguments, String sentence) {
        assertThat(run(("bench " + arguments).split(" "))).isEqualTo(2);
        assertThat(err.toString()).contains(sentence).doesNotContain("\tat ");
        assertThat(out.toString()).isEmpty();
    }

    private int run(String... arguments) {
        return Main.commandLine(new PrintWriter(out, true), new PrintWriter(err, true))
                .execute(arguments);
    }
}
