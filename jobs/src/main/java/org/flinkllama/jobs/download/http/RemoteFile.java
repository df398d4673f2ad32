package org.flinkllama.jobs.download.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A server's answer, with the file's bytes still to be read.
public final class RemoteFile implements AutoCloseable {
    private static final Pattern CONTENT_RANGE = Pattern.compile("bytes (\\d{1,18})-\\d{1,18}/(\\d{1,18})");

    private final HttpResponse<InputStream> response;
    private final String announcedSha256;
    private final Duration stall;
    private final ExecutorService reader = Executors.newVirtualThreadPerTaskExecutor();

    /// @param announcedSha256 what the servers on the way said of the file; empty where they said nothing
    RemoteFile(HttpResponse<InputStream> response, String announcedSha256, Duration stall) {
        this.response = response;
        this.announcedSha256 = announcedSha256;
        this.stall = stall;
    }

    public int status() {
        return response.statusCode();
    }

    public String announcedSha256() {
        return announcedSha256;
    }

    /// Bytes of the whole file; 0 where the server doesn't say.
    public long total() {
        return range().map(range -> Long.parseLong(range.group(2)))
                .orElseGet(() ->
                        response.headers().firstValueAsLong("content-length").orElse(0));
    }

    /// Where in the file the bytes of this answer begin.
    public long start() {
        return range().map(range -> Long.parseLong(range.group(1))).orElse(0L);
    }

    /// What a later request can ask by whether the file is still the same: a strong ETag, else the time of change.
    public String validator() {
        return response.headers()
                .firstValue("etag")
                .filter(tag -> tag.startsWith("\""))
                .or(() -> response.headers().firstValue("last-modified"))
                .orElse("");
    }

    /// Reads some bytes; -1 at the end. A server that sends nothing for a while counts as lost.
    public int read(byte[] buffer) throws IOException, InterruptedException {
        Future<Integer> read = reader.submit(() -> response.body().read(buffer));
        try {
            return read.get(stall.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new IOException("no byte came for " + stall.toMillis() / 1e3 + " s", e);
        } catch (ExecutionException e) {
            throw new IOException(e.getCause().getMessage(), e.getCause());
        }
    }

    @Override
    public void close() {
        try {
            response.body().close();
        } catch (IOException closedAlready) {
            // Nothing is read from it any more.
        }
        reader.shutdownNow();
    }

    private Optional<Matcher> range() {
        return response.headers()
                .firstValue("content-range")
                .map(CONTENT_RANGE::matcher)
                .filter(Matcher::matches);
    }
}
