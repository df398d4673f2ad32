package org.flinkllama.operators.download.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.flinkllama.operators.download.source.RemoteFile;
import org.flinkllama.operators.download.source.TimedInput;

/// A server's answer.
///
/// @param announcedSha256 what the servers on the way said of the file; empty where they said nothing
record Answer(HttpResponse<InputStream> response, String announcedSha256) {
    private static final Pattern CONTENT_RANGE = Pattern.compile("bytes (\\d{1,18})-\\d{1,18}/(\\d{1,18})");
    private static final long NOWHERE = -1;

    int status() {
        return response.statusCode();
    }

    /// The file, or the part of it, that came.
    RemoteFile file(Duration stall) {
        Optional<Matcher> range = range();
        long start = status() == 206
                ? range.map(part -> Long.parseLong(part.group(1))).orElse(NOWHERE)
                : 0;
        long total = range.map(part -> Long.parseLong(part.group(2)))
                .orElseGet(() ->
                        response.headers().firstValueAsLong("content-length").orElse(0));
        return new RemoteFile(start, total, validator(), announcedSha256, new TimedInput(response.body(), stall));
    }

    void close() throws IOException {
        response.body().close();
    }

    /// A strong ETag, else the time of change.
    private String validator() {
        return response.headers()
                .firstValue("etag")
                .filter(tag -> tag.startsWith("\""))
                .or(() -> response.headers().firstValue("last-modified"))
                .orElse("");
    }

    private Optional<Matcher> range() {
        return response.headers()
                .firstValue("content-range")
                .map(CONTENT_RANGE::matcher)
                .filter(Matcher::matches);
    }
}
