package org.flinkllama.operators.replica;

import java.lang.management.ManagementFactory;

/// What a replica takes of memory.
///
/// @param weights       bytes of the model's file, mapped
/// @param repacked      bytes of native memory for weights that are laid out anew
/// @param cacheTokens   tokens whose keys and values are kept, on the heap
/// @param bytesPerToken of those
record MemoryNeed(long weights, long repacked, long cacheTokens, long bytesPerToken) {
    /// Bytes of memory of the container that this process runs in, or else of the machine.
    static long ofMachine() {
        return ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class)
                .getTotalMemorySize();
    }

    /// @throws ReplicaException where a heap of so many bytes can't hold the cache, or so much memory can't hold all
    void requireRoom(String model, long heap, long memory) {
        if (cacheTokens > heap / bytesPerToken) {
            throw new ReplicaException(
                    ("The keys and values of %,d tokens take %,d MiB, and the heap of the Java process"
                                    + " is %,d MiB. Set option 'cache-tokens' or 'context-length' to less, or give the process"
                                    + " more heap: on a cluster by 'taskmanager.memory.task.heap.size' or"
                                    + " 'taskmanager.memory.process.size', at the command line by -Xmx in"
                                    + " FLINK_LLAMA_JAVA_OPTIONS.")
                            .formatted(cacheTokens, cacheBytes() >> 20, heap >> 20));
        }
        if (weights + repacked + cacheBytes() > memory) {
            throw new ReplicaException(("Model '%s' takes %,d MiB of memory: %,d for the file, %,d for weights that are"
                            + " laid out anew, %,d for keys and values; the container or machine of the Java process"
                            + " has %,d MiB. Take a smaller model or a larger machine; in a container raise the limit,"
                            + " on Kubernetes by 'taskManager.resource.memory', and keep the model's part from Flink's"
                            + " heap by setting 'taskmanager.memory.task.off-heap.size' to %d mb.")
                    .formatted(
                            model,
                            (weights + repacked + cacheBytes()) >> 20,
                            weights >> 20,
                            repacked >> 20,
                            cacheBytes() >> 20,
                            memory >> 20,
                            ((weights + repacked) >> 20) + 1));
        }
    }

    private long cacheBytes() {
        return cacheTokens * bytesPerToken;
    }
}
