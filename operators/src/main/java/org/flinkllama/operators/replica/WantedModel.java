package org.flinkllama.operators.replica;

import java.io.Serializable;
import java.nio.file.Path;
import java.util.Locale;

/// A model's file as a job asks for it.
///
/// @param sha256 what the file must have, 64 hexadecimal digits; empty where any file will do
/// @param folder where a machine keeps files that it fetched; empty for the machine's usual one
public record WantedModel(ModelLocation location, String sha256, String folder) implements Serializable {
    public WantedModel {
        sha256 = sha256.toLowerCase(Locale.ROOT);
        if (!sha256.isEmpty() && !sha256.matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException("Option 'model-sha256' is '" + sha256
                    + "'; expected 64 hexadecimal digits, as sha256sum prints them.");
        }
    }

    /// Any file at this place.
    public static WantedModel at(ModelLocation location) {
        return new WantedModel(location, "", "");
    }

    /// @throws ReplicaException where another hash is asked for
    public void requireSha256(Path file, String actual) {
        if (!sha256.isEmpty() && !sha256.equals(actual)) {
            throw new ReplicaException("Model '" + file + "' has the SHA-256 " + actual + "; expected " + sha256
                    + ", as option 'model-sha256' says. "
                    + switch (location) {
                        case ModelLocation.Remote(var _) -> "It was damaged since it was fetched: delete it.";
                        case ModelLocation.Local(var _), ModelLocation.Shipped(var _), ModelLocation.Bundled() ->
                            "Put the right file there, or give its own hash.";
                    });
        }
    }
}
