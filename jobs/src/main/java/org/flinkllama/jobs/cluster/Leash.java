package org.flinkllama.jobs.cluster;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/// Runs another class's `main` in a process that ends with its owner, however that one ends: the owner holds the
/// other end of standard input, which the system closes with it.
public final class Leash {
    private static final int OWNER_GONE = 143;

    private Leash() {}

    /// @param arguments the class and what its `main` is to get
    public static void main(String[] arguments) throws ReflectiveOperationException {
        InputStream owner = System.in;
        Thread.ofPlatform().daemon().name("leash").start(() -> endWith(owner));
        String[] others = Arrays.copyOfRange(arguments, 1, arguments.length);
        Class.forName(arguments[0]).getMethod("main", String[].class).invoke(null, (Object) others);
    }

    private static void endWith(InputStream owner) {
        try {
            while (owner.read() >= 0) {
                // Nothing is ever written to it.
            }
        } catch (IOException e) {
            // As good as its end.
        }
        Runtime.getRuntime().halt(OWNER_GONE);
    }
}
