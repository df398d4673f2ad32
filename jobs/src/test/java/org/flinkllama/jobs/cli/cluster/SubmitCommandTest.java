package org.flinkllama.jobs.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.flinkllama.jobs.cli.arguments.ModelArguments;
import org.flinkllama.jobs.cli.backfill.BackfillCommand;
import org.flinkllama.operators.replica.ModelLocation;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

final class SubmitCommandTest {
    private static final CommandSpec JOB = CommandSpec.create()
            .addOption(OptionSpec.builder("--model", "-m")
                    .type(ModelLocation.class)
                    .build())
            .addOption(OptionSpec.builder("--kafka-config").type(Path.class).build())
            .addOption(OptionSpec.builder("--input").type(String.class).build());

    @Test
    void namesFilesFromTheRootWhichAnotherProcessReads() {
        String here = Path.of("m.gguf").toAbsolutePath().toString();
        assertThat(absolute("--model", "m.gguf")).containsExactly("--model", here);
        assertThat(absolute("--model=m.gguf")).containsExactly("--model=" + here);
        assertThat(absolute("-m", "m.gguf", "--input", "m.gguf")).containsExactly("-m", here, "--input", "m.gguf");
        assertThat(absolute("--model=/m.gguf")).containsExactly("--model=/m.gguf");
        assertThat(absolute("--kafka-config=m.gguf")).containsExactly("--kafka-config=" + here);
    }

    @Test
    void namesTheFolderOfFetchedModelsFromTheRoot() {
        CommandSpec options = CommandSpec.forAnnotatedObject(new ModelArguments());
        assertThat(SubmitCommand.withAbsolutePaths(List.of("--model-cache", "fetched"), options))
                .containsExactly(
                        "--model-cache", Path.of("fetched").toAbsolutePath().toString());
    }

    @Test
    void namesWhatABackfillReadsAndWritesFromTheRoot() {
        CommandSpec backfill = CommandSpec.forAnnotatedObject(new BackfillCommand());
        String here = Path.of("").toAbsolutePath().toString();
        List<String> words = List.of(
                "--input=archive/", "-i", "b/*.{csv,txt}", "-o", "out", "--skip-done", "../done", "--id-column", "id");
        assertThat(SubmitCommand.withAbsolutePaths(words, backfill))
                .containsExactly(
                        "--input=" + here + "/archive",
                        "-i",
                        here + "/b/*.{csv,txt}",
                        "-o",
                        here + "/out",
                        "--skip-done",
                        Path.of("").toAbsolutePath().getParent() + "/done",
                        "--id-column",
                        "id");
        List<String> addresses =
                List.of("-i=s3://bucket/a/*.avro", "--restore", "file:/savepoints/1", "-o=hdfs:///out");
        assertThat(SubmitCommand.withAbsolutePaths(addresses, backfill)).isEqualTo(addresses);
    }

    @Test
    void leavesAddressesAsTheyAre() {
        assertThat(absolute("--model=s3://bucket/m.gguf")).containsExactly("--model=s3://bucket/m.gguf");
        assertThat(absolute("-m", "https://host/m.gguf?key=a")).containsExactly("-m", "https://host/m.gguf?key=a");
        assertThat(absolute("-m", "cache:model")).containsExactly("-m", "cache:model");
    }

    private static List<String> absolute(String... words) {
        return SubmitCommand.withAbsolutePaths(List.of(words), JOB);
    }
}
