package org.flinkllama.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Which package may use which, and the few limits of style that a machine can check.
final class ArchitectureTest {
    private static final String ROOT = "org.flinkllama.";
    private static final int MOST_LINES = 400;

    /// Libraries that only some packages name, by the beginnings of both names.
    private static final Map<String, List<String>> ONLY_USED_BY = Map.of(
            "jdk.incubator.vector", List.of("model.kernel.simd"),
            "org.apache.kafka.", List.of("jobs.kafka", "jobs.broker"),
            "org.apache.parquet.", List.of("jobs.parquet"),
            "kafka.", List.of("jobs.broker"),
            "picocli", List.of("jobs.cli"),
            "org.apache.flink.",
                    List.of(
                            "operators.converse",
                            "operators.enrich",
                            "operators.fetch",
                            "operators.inference",
                            "jobs."));

    private static JavaClasses project;

    @BeforeAll
    static void readClasses() {
        project = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("org.flinkllama");
        assertThat(project).hasSizeGreaterThan(150);
    }

    @Test
    void everyPackageUsesOnlyThoseThatItMay() {
        Set<String> violations = new TreeSet<>();
        forEachUse((user, used) -> {
            boolean own = user.getPackageName().equals(used.getPackageName());
            if (used.getPackageName().startsWith(ROOT) && !own) {
                String from = relative(user);
                if (!PackageTable.MAY_USE.containsKey(from)) {
                    violations.add("package '" + from + "' is not in the table");
                } else if (!PackageTable.MAY_USE.get(from).contains(relative(used))) {
                    violations.add(from + " uses " + relative(used) + ", in " + user.getSimpleName());
                }
            }
        });
        assertThat(violations).isEmpty();
    }

    @Test
    void theTableHasNoCycle() {
        Set<String> done = new TreeSet<>();
        boolean grown = true;
        while (grown) {
            grown = done.addAll(PackageTable.MAY_USE.entrySet().stream()
                    .filter(entry -> done.containsAll(entry.getValue()))
                    .map(Map.Entry::getKey)
                    .toList());
        }
        assertThat(done).isEqualTo(new TreeSet<>(PackageTable.MAY_USE.keySet()));
    }

    @Test
    void librariesAreNamedWhereTheyBelong() {
        Set<String> violations = new TreeSet<>();
        forEachUse((user, used) -> ONLY_USED_BY.forEach((library, users) -> {
            if (used.getName().startsWith(library) && users.stream().noneMatch(relative(user)::startsWith)) {
                violations.add(user.getName() + " uses " + used.getName());
            }
        }));
        assertThat(violations).isEmpty();
    }

    @Test
    void theModelUsesTheJdkAlone() {
        Set<String> violations = new TreeSet<>();
        forEachUse((user, used) -> {
            String name = used.getName();
            boolean allowed =
                    Stream.of("java.", "jdk.incubator.vector.", ROOT + "model.").anyMatch(name::startsWith);
            if (relative(user).startsWith("model.") && !allowed && !used.isPrimitive()) {
                violations.add(user.getName() + " uses " + name);
            }
        });
        assertThat(violations).isEmpty();
    }

    @Test
    void noStaticFieldCanBeAssigned() {
        assertThat(project.stream()
                        .filter(type -> !type.getPackageName().startsWith(ROOT + "schemas"))
                        .flatMap(type -> type.getFields().stream())
                        .filter(field -> field.getModifiers().contains(JavaModifier.STATIC))
                        .filter(field -> !field.getModifiers().contains(JavaModifier.FINAL)))
                .isEmpty();
    }

    @Test
    void filesAreShort() {
        assertThat(sources().filter(file -> lines(file) > MOST_LINES)).isEmpty();
    }

    @Test
    void everyPackageSaysInOneToFiveLinesWhatItIsFor() {
        assertThat(sources()
                        .filter(file -> file.toString()
                                .contains(Path.of("src", "main", "java").toString()))
                        .map(file -> file.resolveSibling("package-info.java"))
                        .distinct())
                .isNotEmpty()
                .allSatisfy(file -> {
                    assertThat(file).exists();
                    long comment =
                            read(file).filter(line -> line.startsWith("///")).count();
                    assertThat(comment).as("lines of %s", file).isBetween(1L, 5L);
                });
    }

    private static void forEachUse(BiConsumer<JavaClass, JavaClass> check) {
        for (JavaClass user : project) {
            user.getDirectDependenciesFromSelf()
                    .forEach(use -> check.accept(user, use.getTargetClass().getBaseComponentType()));
        }
    }

    private static String relative(JavaClass type) {
        return type.getPackageName().substring(ROOT.length());
    }

    /// All Java files of the project, tests included.
    private static Stream<Path> sources() {
        List<Path> files = Stream.of("schemas", "model", "operators", "jobs", "jobs/parquet")
                .map(module -> Path.of("..", module, "src"))
                .flatMap(ArchitectureTest::walk)
                .filter(file -> file.toString().endsWith(".java"))
                .toList();
        assertThat(files).hasSizeGreaterThan(50);
        return files.stream();
    }

    private static Stream<Path> walk(Path folder) {
        try {
            return Files.walk(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<String> read(Path file) {
        try {
            return Files.readAllLines(file).stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long lines(Path file) {
        return read(file).count();
    }
}
