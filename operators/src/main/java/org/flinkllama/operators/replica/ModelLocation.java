package org.flinkllama.operators.replica;

import java.io.Serializable;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Locale;

/// Where a model's file is to be had, seen from the machine that opens it.
public sealed interface ModelLocation extends Serializable {
    /// The model that is in the job's own jar, unpacked on every machine that needs it.
    String BUNDLED = "bundled:starter";

    /// What stands before the name of a file in Flink's distributed cache.
    String SHIPPED = "cache:";

    /// The model in the job's own jar.
    record Bundled() implements ModelLocation {
        @Override
        public String text() {
            return BUNDLED;
        }
    }

    /// A file on that machine.
    record Local(String path) implements ModelLocation {
        @Override
        public String text() {
            return path;
        }
    }

    /// A file that is fetched from the web or through one of Flink's file systems.
    record Remote(URI address) implements ModelLocation {
        /// @throws IllegalArgumentException where a password stands in the address, which is shown in many places
        public Remote {
            if (address.getRawUserInfo() != null) {
                throw new IllegalArgumentException("The address of " + address.getHost()
                        + " has a user or password in it; expected none. Give the cluster the credentials: Flink's file"
                        + " systems take them from its configuration, 'huggingface.co' a token from HF_TOKEN.");
            }
        }

        @Override
        public String text() {
            return address.toString();
        }

        /// Without the query, which may hold a signature.
        @Override
        public String toString() {
            String text = address.toString();
            int query = text.indexOf('?');
            return query < 0 ? text : text.substring(0, query);
        }
    }

    /// A file in Flink's distributed cache.
    record Shipped(String name) implements ModelLocation {
        @Override
        public String text() {
            return SHIPPED + name;
        }
    }

    /// What [#of] takes for this location.
    String text();

    /// @param text a path, an address (`file://`, `https://`, `s3://`, …), `cache:` and a name, or [#BUNDLED]
    /// @throws IllegalArgumentException where it is none of them
    static ModelLocation of(String text) {
        if (text.equals(BUNDLED)) {
            return new Bundled();
        }
        if (text.startsWith(SHIPPED)) {
            String name = text.substring(SHIPPED.length());
            if (name.isBlank()) {
                throw new IllegalArgumentException("Model '" + text
                        + "' has no name; expected 'cache:' and the name of a" + " file in Flink's distributed cache.");
            }
            return new Shipped(name);
        }
        return text.matches("[A-Za-z][A-Za-z0-9+.-]*://.*|file:.*") ? at(address(text)) : new Local(text);
    }

    private static ModelLocation at(URI address) {
        return address.getScheme().toLowerCase(Locale.ROOT).equals("file")
                ? new Local(Path.of(address.getPath()).toString())
                : new Remote(address);
    }

    private static URI address(String text) {
        try {
            URI address = new URI(text);
            String path = address.getPath();
            if (path == null || path.isEmpty() || path.endsWith("/")) {
                throw new IllegalArgumentException(
                        "Model '" + text + "' is the address of no file; expected one that ends with a file's name.");
            }
            return address;
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("Model '" + text + "' is no address: " + e.getReason() + ".", e);
        }
    }
}
