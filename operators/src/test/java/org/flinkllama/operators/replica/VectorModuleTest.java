package org.flinkllama.operators.replica;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class VectorModuleTest {
    @Test
    void isHereAsTheTestsAreStarted() {
        assertThatCode(VectorModule::require).doesNotThrowAnyException();
    }

    @Test
    void isAskedForWithTheSettingThatBringsIt() {
        assertThatThrownBy(() -> VectorModule.require(ModuleLayer.empty()))
                .isInstanceOf(ReplicaException.class)
                .hasMessageContaining("'jdk.incubator.vector'")
                .hasMessageContaining("--add-modules=jdk.incubator.vector")
                .hasMessageContaining("'env.java.opts.all'");
    }
}
