package org.flinkllama.operators.download.http;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Set;
import org.flinkllama.operators.download.source.DownloadException;

/// What may be asked of an address on the web.
public final class WebAddress {
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]", "::1");

    private WebAddress() {}

    /// An address that a user typed.
    public static URI parse(String text) {
        URI address;
        try {
            address = new URI(text);
        } catch (URISyntaxException e) {
            throw new DownloadException("'" + text + "' is no address: " + e.getReason() + ".", e);
        }
        String scheme = scheme(address);
        if (address.getHost() == null || !scheme.equals("http") && !scheme.equals("https")) {
            throw new DownloadException("'" + text + "' is no address of a file; expected https://HOST/PATH.");
        }
        if (address.getUserInfo() != null) {
            throw new DownloadException("The address of " + address.getHost()
                    + " has a user or password in it. Put a token into an environment variable and name that.");
        }
        return address;
    }

    static boolean encrypted(URI address) {
        return scheme(address).equals("https");
    }

    static boolean loopback(URI address) {
        return address.getHost() != null && LOOPBACK.contains(address.getHost().toLowerCase(Locale.ROOT));
    }

    static boolean sameServer(URI one, URI other) {
        return scheme(one).equals(scheme(other))
                && one.getHost() != null
                && one.getHost().equalsIgnoreCase(other.getHost())
                && port(one) == port(other);
    }

    /// The address without its query, which may hold a signature.
    public static String shown(URI address) {
        String authority = address.getAuthority() == null ? "" : address.getAuthority();
        return address.getScheme() + "://" + authority + (address.getPath() == null ? "" : address.getPath());
    }

    private static int port(URI address) {
        return address.getPort() >= 0 ? address.getPort() : encrypted(address) ? 443 : 80;
    }

    private static String scheme(URI address) {
        return address.getScheme() == null ? "" : address.getScheme().toLowerCase(Locale.ROOT);
    }
}
