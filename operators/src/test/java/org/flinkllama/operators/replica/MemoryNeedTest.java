package org.flinkllama.operators.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class MemoryNeedTest {
    private static final long MIB = 1 << 20;

    @Test
    void refusesACacheThatTheHeapCantHold() {
        assertThatCode(() -> new MemoryNeed(0, 0, 100, MIB).requireRoom("M", 100 * MIB, 100 * MIB))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> new MemoryNeed(0, 0, 1000, MIB).requireRoom("M", 100 * MIB, 2000 * MIB))
                .isInstanceOf(ReplicaException.class)
                .hasMessageContaining("1,000 tokens take 1,000 MiB")
                .hasMessageContaining("is 100 MiB")
                .hasMessageContaining("'taskmanager.memory.task.heap.size'")
                .hasMessageContaining("'taskmanager.memory.process.size'");
    }

    @Test
    void refusesAModelThatMemoryCantHoldBesideItsCache() {
        MemoryNeed need = new MemoryNeed(1000 * MIB, 900 * MIB, 100, MIB);
        assertThatCode(() -> need.requireRoom("M", 500 * MIB, 2000 * MIB)).doesNotThrowAnyException();
        assertThatThrownBy(() -> need.requireRoom("M", 500 * MIB, 1999 * MIB))
                .isInstanceOf(ReplicaException.class)
                .hasMessageContaining("Model 'M' takes 2,000 MiB of memory: 1,000 for the file, 900 for weights")
                .hasMessageContaining("100 for keys and values")
                .hasMessageContaining("has 1,999 MiB")
                .hasMessageContaining("'taskmanager.memory.task.off-heap.size' to 1901 mb");
    }

    @Test
    void knowsThisMachinesMemory() {
        assertThat(MemoryNeed.ofMachine()).isGreaterThan(Runtime.getRuntime().maxMemory());
    }
}
