package org.flinkllama.operators.download.http;

import java.net.URI;
import org.flinkllama.operators.download.source.DownloadException;

/// A secret, and the one server that may see it.
///
/// @param owner any address of that server; scheme, host and port count
public record AccessToken(URI owner, String secret) {
    public AccessToken {
        if (!secret.matches("[\\x21-\\x7e]+")) {
            throw new DownloadException("The access token for " + owner.getHost()
                    + " is empty or has spaces or other signs that a header can't carry. Set it anew.");
        }
    }

    /// Whether a request to this address may carry the secret: the same server, by TLS or on this machine.
    boolean mayGoTo(URI address) {
        boolean unheard = WebAddress.encrypted(address) || WebAddress.loopback(address);
        return unheard && WebAddress.sameServer(owner, address);
    }

    @Override
    public String toString() {
        return "AccessToken[" + owner.getHost() + "]";
    }
}
