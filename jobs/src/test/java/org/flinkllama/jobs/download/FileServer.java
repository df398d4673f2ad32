package org.flinkllama.jobs.download;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// A web server on this machine that has one file, and the faults that a test gives it.
final class FileServer implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final List<Map<String, String>> requests = Collections.synchronizedList(new ArrayList<>());
    private final Deque<Integer> refusals = new ArrayDeque<>();
    private final Map<String, String> headers = new HashMap<>();
    private volatile byte[] bytes;
    private volatile String etag = "\"one\"";
    private volatile boolean ranges = true;
    private volatile String redirect;
    private volatile int cutBehind = -1;
    private volatile boolean stalls;

    FileServer(byte[] bytes) throws IOException {
        this.bytes = bytes;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    String address(String path) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + path;
    }

    /// Headers of the requests so far, by lower-case names.
    List<Map<String, String>> requests() {
        return List.copyOf(requests);
    }

    FileServer replaced(byte[] other, String otherEtag) {
        bytes = other;
        etag = otherEtag;
        return this;
    }

    /// The next answer ends behind so many bytes; without an end of the connection where it stalls.
    FileServer cutOnce(int behind) {
        cutBehind = behind;
        return this;
    }

    FileServer stallOnce(int behind) {
        stalls = true;
        return cutOnce(behind);
    }

    FileServer withoutRanges() {
        ranges = false;
        return this;
    }

    FileServer refuses(int status, int times) {
        refusals.addAll(Collections.nCopies(times, status));
        return this;
    }

    FileServer redirectsTo(String address) {
        redirect = address;
        return this;
    }

    FileServer header(String name, String value) {
        headers.put(name, value);
        return this;
    }

    private void answer(HttpExchange exchange) throws IOException {
        Map<String, String> asked = new HashMap<>();
        exchange.getRequestHeaders().forEach((name, values) -> asked.put(name.toLowerCase(), values.getFirst()));
        requests.add(asked);
        headers.forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
        Integer refusal = refusals.poll();
        if (refusal != null) {
            exchange.sendResponseHeaders(refusal, -1);
        } else if (redirect != null && !exchange.getRequestURI().getPath().startsWith("/moved")) {
            exchange.getResponseHeaders().set("Location", redirect);
            exchange.sendResponseHeaders(302, -1);
        } else {
            send(exchange, asked);
        }
        exchange.close();
    }

    private void send(HttpExchange exchange, Map<String, String> asked) throws IOException {
        byte[] whole = bytes;
        boolean part = ranges && asked.containsKey("range") && etag.equals(asked.get("if-range"));
        int from = part ? Integer.parseInt(asked.get("range").replaceAll("\\D", "")) : 0;
        if (ranges) {
            exchange.getResponseHeaders().set("ETag", etag);
        }
        if (part) {
            exchange.getResponseHeaders()
                    .set("Content-Range", "bytes " + from + "-" + (whole.length - 1) + "/" + whole.length);
        }
        exchange.sendResponseHeaders(part ? 206 : 200, whole.length - from);
        OutputStream body = exchange.getResponseBody();
        int cut = cutBehind;
        cutBehind = -1;
        body.write(whole, from, (cut < 0 ? whole.length : Math.min(cut, whole.length)) - from);
        body.flush();
        if (cut >= 0 && stalls) {
            stalls = false;
            await();
        }
    }

    private void await() {
        try {
            closing.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closing.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
