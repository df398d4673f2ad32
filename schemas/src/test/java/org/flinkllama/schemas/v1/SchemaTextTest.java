package org.flinkllama.schemas.v1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.File;
import java.lang.ref.WeakReference;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SchemaTextTest {
    @Test
    void parsesTextThatIsTooLongForOneString() {
        assertThat(SchemaText.parse("{\"type\": \"record\", \"name\": \"R\", ", "\"fields\"", ": []}")
                        .getName())
                .isEqualTo("R");
    }

    /// A thread of Flink's, here the test's own, lives on when a job has ended.
    @Test
    void leavesNothingWithAThreadThatKeepsTheClassLoader() throws Exception {
        WeakReference<ClassLoader> gone = initialised("DeadLetter", "Stage");

        await().atMost(Duration.ofMinutes(2)).untilAsserted(() -> {
            System.gc();
            assertThat(gone.get()).isNull();
        });
    }

    /// A class loader with Avro and these classes of its own, some of which have parsed their schemas in this thread.
    private static WeakReference<ClassLoader> initialised(String... names) throws Exception {
        try (URLClassLoader loader = new URLClassLoader(classPath(), ClassLoader.getPlatformClassLoader())) {
            for (String name : names) {
                Class<?> type = Class.forName(SchemaText.class.getPackageName() + "." + name, true, loader);
                assertThat(type.getClassLoader()).isSameAs(loader);
            }
            return new WeakReference<>(loader);
        }
    }

    private static URL[] classPath() throws MalformedURLException {
        List<URL> urls = new ArrayList<>();
        for (String element : System.getProperty("java.class.path").split(File.pathSeparator)) {
            urls.add(Path.of(element).toUri().toURL());
        }
        return urls.toArray(URL[]::new);
    }
}
