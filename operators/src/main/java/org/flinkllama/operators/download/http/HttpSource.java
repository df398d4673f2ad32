package org.flinkllama.operators.download.http;

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
import org.flinkllama.operators.download.source.DownloadException;
import org.flinkllama.operators.download.source.FileSource;
import org.flinkllama.operators.download.source.Patience;
import org.flinkllama.operators.download.source.RemoteFile;

/// A file on the web. Follows redirects itself, because where they lead decides what is sent along.
public final class HttpSource implements FileSource {
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

    @Override
    public String shown() {
        return WebAddress.shown(address);
    }

    @Override
    public RemoteFile open(long position, String validator) throws IOException, InterruptedException {
        Answer answer = ask(position, validator);
        if (answer.status() == 416 && position > 0) {
            answer.close();
            answer = ask(0, "");
        }
        if (answer.status() != 200 && answer.status() != 206) {
            answer.close();
            throw refused(answer.status());
        }
        return answer.file(patience.stall());
    }

    private Answer ask(long position, String validator) throws IOException, InterruptedException {
        URI at = address;
        String sha256 = "";
        for (int hop = 0; hop <= MOST_REDIRECTS; hop++) {
            HttpResponse<InputStream> response =
                    client.send(request(at, position, validator), BodyHandlers.ofInputStream());
            sha256 = announced(response).orElse(sha256);
            if (!REDIRECTS.contains(response.statusCode())) {
                return new Answer(response, sha256);
            }
            response.body().close();
            at = target(at, response);
        }
        throw new DownloadException(
                "More than " + MOST_REDIRECTS + " redirects from " + shown() + "; check the address.");
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

    /// A reason to ask again, unless asking again is of no use.
    private IOException refused(int status) {
        return switch (status) {
            case 401, 403 ->
                throw new DownloadException("The server refuses " + shown() + " (HTTP " + status + "). "
                        + (token.isPresent()
                                ? "The access token does not allow it: accept the model's licence on its page with"
                                        + " the token's account, or use another token."
                                : "If the model is gated, accept its licence on its page and put an access token into"
                                        + " the environment variable HF_TOKEN of the process that downloads (for other"
                                        + " hosts see --token-env of 'flink-llama model pull')."));
            case 404, 410 ->
                throw new DownloadException("There is no file at " + shown() + " (HTTP " + status
                        + "); check the address, or see 'flink-llama model list' for names.");
            default -> {
                if (status < 500 && status != 408 && status != 429) {
                    throw new DownloadException("The server answers " + shown() + " with HTTP " + status
                            + "; expected 200. Check the address.");
                }
                yield new IOException("HTTP " + status);
            }
        };
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
