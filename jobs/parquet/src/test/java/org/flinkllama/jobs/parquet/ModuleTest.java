package org.flinkllama.jobs.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Set;
import java.util.TreeSet;
import org.flinkllama.jobs.archive.file.ParquetModule;
import org.flinkllama.jobs.archive.file.RecordFiles;
import org.flinkllama.jobs.archive.output.ContainerFormat;
import org.junit.jupiter.api.Test;

/// How the module stands to the rest of the project. That of the other packages is checked where they are.
final class ModuleTest {
    private static final String ROOT = "org.flinkllama.";
    private static final Set<String> MAY_USE =
            Set.of("jobs.archive.file", "jobs.archive.output", "jobs.archive.read", "operators.format", "schemas.v1");

    @Test
    void isFoundByItsServices() {
        assertThat(ParquetModule.part(RecordFiles.class)).isInstanceOf(ParquetRecords.class);
        assertThat(ParquetModule.part(ContainerFormat.class)).isInstanceOf(ParquetContainers.class);
    }

    @Test
    void usesOnlyThePackagesThatItMay() {
        JavaClasses module = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("org.flinkllama.jobs.parquet");
        assertThat(module).hasSizeGreaterThan(10);
        Set<String> used = new TreeSet<>();
        for (JavaClass type : module) {
            type.getDirectDependenciesFromSelf()
                    .forEach(use ->
                            used.add(use.getTargetClass().getBaseComponentType().getPackageName()));
        }
        assertThat(used.stream()
                        .filter(name -> name.startsWith(ROOT))
                        .map(name -> name.substring(ROOT.length()))
                        .filter(name -> !name.equals("jobs.parquet")))
                .isNotEmpty()
                .isSubsetOf(MAY_USE);
        assertThat(used).noneMatch(name -> name.startsWith("org.apache.hadoop"));
    }

    @Test
    void runsWithoutAHadoop() {
        assertThatThrownBy(() -> Class.forName("org.apache.hadoop.conf.Configuration"))
                .isInstanceOf(ClassNotFoundException.class);
    }
}
