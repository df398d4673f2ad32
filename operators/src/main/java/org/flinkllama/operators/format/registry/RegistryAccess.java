package org.flinkllama.operators.format.registry;

import java.io.Serializable;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;

/// Where a schema registry is, and what it is shown.
///
/// @param url           begins every request, without a slash at its end
/// @param authorization value of the header of that name, a secret that is never printed; empty for none
public record RegistryAccess(String url, String authorization) implements Serializable {
    public RegistryAccess {
        url = url.replaceAll("/+$", "");
        URI address;
        try {
            address = URI.create(url);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("Option 'schema-registry' is no address; expected http://HOST:PORT.", e);
        }
        String scheme = String.valueOf(address.getScheme()).toLowerCase(Locale.ROOT);
        if (address.getHost() == null || !scheme.equals("http") && !scheme.equals("https")) {
            throw new IllegalArgumentException(
                    "Option 'schema-registry' is '" + url + "'; expected http://HOST:PORT or https://HOST:PORT.");
        }
        if (address.getUserInfo() != null || address.getQuery() != null) {
            throw new IllegalArgumentException("Option 'schema-registry' has a password or a query in it; put"
                    + " credentials into the environment or a file.");
        }
        if (!authorization.matches("[\\x20-\\x7e]*")) {
            throw new IllegalArgumentException(
                    "The schema registry's credentials have signs that a header can't carry.");
        }
    }

    public static RegistryAccess to(String url) {
        return new RegistryAccess(url, "");
    }

    /// @param userInfo user and password with a colon between
    public RegistryAccess withBasic(String userInfo) {
        byte[] bytes = userInfo.getBytes(StandardCharsets.UTF_8);
        return new RegistryAccess(url, "Basic " + Base64.getEncoder().encodeToString(bytes));
    }

    public RegistryAccess withBearer(String token) {
        return new RegistryAccess(url, "Bearer " + token);
    }

    @Override
    public String toString() {
        return url + (authorization.isEmpty() ? "" : " with credentials");
    }
}
