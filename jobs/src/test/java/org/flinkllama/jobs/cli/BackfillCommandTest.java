package org.flinkllama.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.flinkllama.jobs.archive.output.OutputClaims;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BackfillCommandTest {
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path folder;

    @BeforeEach
    void makeInput() throws IOException {
        Files.writeString(folder.resolve("a.jsonl"), "{\"id\":\"a\",\"text\":\"b\"}\n");
    }

    @Test
    void wantsOneInputAndOneOutput() {
        assertThat(run("--output=" + folder.resolve("out"))).isEqualTo(2);
        assertThat(said()).contains("Nothing to read; expected --input with files, or --input-topic.");
        assertThat(run("--input=" + folder)).isEqualTo(2);
        assertThat(said()).contains("Nowhere to write to");
        assertThat(run("--input=" + folder, "--output=x", "--output-topic=y")).isEqualTo(2);
        assertThat(said()).contains("both given");
        assertThat(run("--input-topic=t", "--output=x")).isEqualTo(2);
        assertThat(said()).contains("--bootstrap-servers is missing");
        assertThat(run("--input=" + folder, "--output-topic=t", "-b=127.0.0.1:1"))
                .isEqualTo(2);
        assertThat(said()).contains("--dead-letters is missing");
    }

    @Test
    void saysWhatIsWrongWithFilesAndColumns() {
        String output = "--output=" + folder.resolve("out");
        assertThat(run("--input=" + folder + "/none", output)).isEqualTo(1);
        assertThat(said()).contains("none' does not exist; check the path.");
        assertThat(run("--input=" + folder, output, "--text-column=id")).isEqualTo(2);
        assertThat(said()).contains("expected two different names");
        assertThat(run("--input=" + folder, output, "--csv-separator=::")).isEqualTo(2);
        assertThat(said()).contains("expected one character, or tab");
        assertThat(run("--input=" + folder, output, "--skip-done=" + folder + "/none"))
                .isEqualTo(1);
        assertThat(said()).contains("does not exist");
        assertThat(folder.resolve("out")).doesNotExist();
    }

    @Test
    void saysHowToGetParquetWhereItIsNotBuiltIn() throws IOException {
        String output = "--output=" + folder.resolve("out");
        assertThat(run("--input=" + folder, output, "--output-format=parquet")).isEqualTo(1);
        assertThat(said()).contains("Parquet is not built in", "Run './flink-llama build --parquet' once");
        Files.writeString(folder.resolve("b.parquet"), "PAR1");
        for (String input : List.of("--input=" + folder, "--input=" + folder + "/*.parquet")) {
            assertThat(run(input, output)).isEqualTo(1);
            assertThat(said()).contains("Parquet is not built in");
        }
        assertThat(run("--input=" + folder + "/a.jsonl", output, "--skip-done=" + folder + "/b.parquet"))
                .isEqualTo(1);
        assertThat(said()).contains("Parquet is not built in");
        assertThat(folder.resolve("out")).doesNotExist();
    }

    @Test
    void knowsNoRegistryForWhatIsNoAvroOnATopic() {
        String registry = "--schema-registry=http://127.0.0.1:1";
        assertThat(run("--input=" + folder, "--output=" + folder.resolve("out"), registry))
                .isEqualTo(2);
        assertThat(said()).contains("is for Avro records on topics");
        assertThat(run("-b=127.0.0.1:1", "--input-topic=t", "--output=" + folder.resolve("out"), registry))
                .isEqualTo(2);
        assertThat(said()).contains("is for Avro records on topics");
    }

    @Test
    void writesIntoNoFolderThatHoldsAnythingElse() throws IOException {
        Path output = Files.createDirectory(folder.resolve("out"));
        Files.writeString(output.resolve("letter.txt"), "mine");
        assertThat(run("--input=" + folder + "/a.jsonl", "--output=" + output)).isEqualTo(1);
        assertThat(said()).contains("is not empty: it has 'letter.txt'");
        Files.move(output.resolve("letter.txt"), output.resolve("enrichments-00001.jsonl"));
        assertThat(run("--input=" + folder + "/a.jsonl", "--output=" + output)).isEqualTo(1);
        assertThat(said()).contains("--restart to delete what is in it");
    }

    @Test
    void leavesAFolderAloneWhereAJobOnAClusterWrites() {
        Path output = folder.resolve("out");
        new OutputClaims(output.toString()).begin("5e6b5c4bd7a3e6ad3d7d3a01c7e6a4c2");
        assertThat(run("--input=" + folder + "/a.jsonl", "--output=" + output)).isEqualTo(1);
        assertThat(said()).contains("is that of job 5e6b5c4bd7a3e6ad3d7d3a01c7e6a4c2 on a cluster");
        assertThat(run("--input=" + folder + "/a.jsonl", "--output=" + output, "--restore=" + folder))
                .isEqualTo(2);
        assertThat(said()).contains("Option --restore is for jobs on a cluster; here the same command goes on");
    }

    private int run(String... options) {
        List<String> arguments = new ArrayList<>(List.of("backfill"));
        arguments.addAll(Arrays.asList(options));
        return Main.commandLine(new PrintWriter(new StringWriter()), new PrintWriter(err, true))
                .execute(arguments.toArray(String[]::new));
    }

    private String said() {
        String said = err.toString();
        err.getBuffer().setLength(0);
        return said;
    }
}
