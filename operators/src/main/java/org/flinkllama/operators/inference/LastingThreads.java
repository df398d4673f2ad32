package org.flinkllama.operators.inference;

import org.apache.flink.api.common.functions.RuntimeContext;

/// Takes a job's class loader off the threads that stay in the process when the job has left it.
///
/// A thread gets the context class loader of the one that starts it. The first task that reads from another process
/// starts a thread of Flink's network client, which lasts as long as the TaskManager; each of these threads would
/// keep the classes of the job that started it. Flink empties the class loader that a task has as context, but not
/// what the virtual machine notes in it: the classes that `Class.forName` found through it, which no heap dump shows.
///
/// @param job the job's; Flink closes it after this, so that no thread could load anything by it any more
record LastingThreads(ClassLoader job) implements Runnable {
    @Override
    public void run() {
        ClassLoader flink = RuntimeContext.class.getClassLoader(); // never from a job's jar
        if (job == flink) {
            return; // the job's classes came with the process, and the Java runtime's own threads refuse another
        }
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getContextClassLoader() == job) {
                thread.setContextClassLoader(flink);
            }
        }
    }
}
