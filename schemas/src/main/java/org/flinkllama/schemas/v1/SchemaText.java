package org.flinkllama.schemas.v1;

import java.util.concurrent.CompletableFuture;
import org.apache.avro.Schema;

/// Schemas of the generated classes, as the classes hold them.
final class SchemaText {
    private SchemaText() {}

    /// Parses in a thread that ends. The parser leaves an object of Avro's with the thread that it runs in, and where
    /// that is one of Flink's own, all classes of the job would stay in its process for as long as the thread
    // lives.
    ///
    /// @param rest of the text, where it is too long for one string of a class file
    static Schema parse(String begin, String... rest) {
        CompletableFuture<Schema> schema = new CompletableFuture<>();
        Thread.ofPlatform().daemon().name("schema").start(() -> {
            try {
                schema.complete(new Schema.Parser().parse(begin, rest));
            } catch (Throwable broken) {
                schema.completeExceptionally(broken);
            }
        });
        return schema.join();
    }
}
