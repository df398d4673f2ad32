package org.flinkllama.operators.download;

import java.net.URI;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.flinkllama.operators.download.http.AccessToken;
import org.flinkllama.operators.download.http.WebAddress;
import org.flinkllama.operators.download.source.DownloadException;

/// A file that is wanted.
///
/// @param name   what it is called in the cache
/// @param sha256 what it must have, 64 hexadecimal digits; nothing leaves that to the server's word
/// @param token  what the server may be shown
public record Order(URI address, String name, Optional<String> sha256, Optional<AccessToken> token) {
    public Order {
        ModelCache.requireName(name);
        sha256 = sha256.map(hash -> hash.toLowerCase(Locale.ROOT));
        sha256.filter(hash -> !hash.matches("[0-9a-f]{64}")).ifPresent(hash -> {
            throw new DownloadException("The SHA-256 '" + hash + "' has not 64 hexadecimal digits.");
        });
    }

    /// A file by its address, called as the address ends.
    public static Order of(String address) {
        return of(WebAddress.parse(address));
    }

    /// A file by an address that need not be on the web.
    public static Order of(URI address) {
        String path = address.getPath() == null ? "" : address.getPath();
        String name = path.substring(path.lastIndexOf('/') + 1)
                .replaceAll("(?i)\\.gguf$", "")
                .replaceAll("[^A-Za-z0-9._-]", "-");
        return new Order(address, name, Optional.empty(), Optional.empty());
    }

    public Order named(String other) {
        return new Order(address, other, sha256, token);
    }

    public Order withSha256(String hash) {
        return new Order(address, name, Optional.of(hash), token);
    }

    public Order withToken(AccessToken shown) {
        return new Order(address, name, sha256, Optional.of(shown));
    }

    /// With the access token of the environment's `HF_TOKEN`, where there is one, for the hub alone.
    public Order withHubToken(Map<String, String> environment) {
        String secret = environment.getOrDefault("HF_TOKEN", "").strip();
        return secret.isEmpty() ? this : withToken(new AccessToken(URI.create(KnownModel.HUB), secret));
    }
}
