package org.flinkllama.operators.replica;

/// The Vector API, in which models compute: an incubator module, which a Java process has only where it was told so
/// when it started.
public final class VectorModule {
    private static final String NAME = "jdk.incubator.vector";

    private VectorModule() {}

    /// @throws ReplicaException where this process does not have it
    public static void require() {
        require(ModuleLayer.boot());
    }

    static void require(ModuleLayer modules) {
        if (modules.findModule(NAME).isEmpty()) {
            throw new ReplicaException("The Java process "
                    + ProcessHandle.current().pid() + " (Java "
                    + Runtime.version().feature() + ") runs without the module '" + NAME
                    + "', in which models compute. Add '--add-modules=" + NAME + " --add-opens=java.base/java.util="
                    + "ALL-UNNAMED' to 'env.java.opts.all' in Flink's config.yaml, and start JobManager and"
                    + " TaskManagers again.");
        }
    }
}
