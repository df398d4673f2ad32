package org.flinkllama.jobs.download.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// A file on the web. Follows redirects itself, because where they lead decides what is sent along.
public final class HttpSource implements AutoCloseable {
    private static final int MOST_REDIRECTS = 10;
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

    private final URI address;
    private final Optional<AccessToken> token;
    private final Patience patience;
    private final HttpClient client;

    public HttpSource(URI address, Optional<AccessToken> token, Patience patience) {
        this.address = address;
        this.token = token;
        this.patience = patience;
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(patience.connect())
                .build();
    }

    /// Asks for the file from a position on.
    ///
    /// @param validator version of the file that the position belongs to; for another one the whole file comes
    public RemoteFile open(long position, String validator) throws IOException, InterruptedException {
        URI at = address;
        String sha256 = "";
        for (int hop = 0; hop <= MOST_REDIRECTS; hop++) {
            HttpResponse<InputStream> response =
                    client.send(request(at, position, validator), BodyHandlers.ofInputStream());
            sha256 = announced(response).orElse(sha256);
            if (!REDIRECTS.contains(response.statusCode())) {
                return new RemoteFile(response, sha256, patience.stall());
            }
            response.body().close();
            at = target(at, response);
        }
        throw new DownloadException("More than " + MOST_REDIRECTS + " redirects from " + WebAddress.shown(address)
                + "; check the address.");
    }

    private HttpRequest request(URI at, long position, String validator) {
        HttpRequest.Builder request = HttpRequest.newBuilder(at)
                .timeout(patience.connect())
                .header("User-Agent", "flink-llama")
                .header("Accept-Encoding", "identity");
        if (position > 0) {
            request.header("Range", "bytes=" + position + "-").header("If-Range", validator);
        }
        token.filter(secret -> secret.mayGoTo(at))
                .ifPresent(secret -> request.header("Authorization", "Bearer " + secret.secret()));
        return request.build();
    }

    private URI target(URI from, HttpResponse<?> response) {
        URI target = response.headers()
                .firstValue("location")
                .map(location -> {
                    try {
                        return from.resolve(location);
                    } catch (IllegalArgumentException e) {
                        throw new DownloadException(
                                WebAddress.shown(from) + " redirects to something that is no address.", e);
                    }
                })
                .orElseThrow(
                        () -> new DownloadException(WebAddress.shown(from) + " redirects, but not to an address."));
        boolean plain = "http".equalsIgnoreCase(target.getScheme());
        if (target.getHost() == null || !WebAddress.encrypted(target) && !(plain && !WebAddress.encrypted(address))) {
            throw new DownloadException(WebAddress.shown(from) + " redirects to " + WebAddress.shown(target)
                    + "; expected an https address. Nothing was downloaded.");
        }
        return target;
    }

    /// The hash that a model hub gives of a file that it keeps elsewhere.
    private static Optional<String> announced(HttpResponse<?> response) {
        return response.headers()
                .firstValue("x-linked-etag")
                .map(tag -> tag.replace("\"", "").toLowerCase(Locale.ROOT))
                .filter(tag -> tag.matches("[0-9a-f]{64}"));
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
