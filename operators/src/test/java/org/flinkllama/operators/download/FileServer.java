package org.flinkllama.operators.download;

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
public final class FileServer implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);
    private final List<Map<String, String>> requests = Collections.synchronizedList(new ArrayList<>());
    private final Deque<Integer> refusals = new ArrayDeque<>();
    private final Map<String, String> headers = new HashMap<>();
    private volatile byte[] bytes;
    private volatile String etag = "\"one\"";
    private volatile boolean ranges = true;
    private volatile String redirect;
    private volatile int cutBehind = -1;
    private volatile boolean stalls;
    private volatile int held = -1;

    public FileServer(byte[] bytes) throws IOException {
        this.bytes = bytes;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    public String address(String path) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + path;
    }

    /// Headers of the requests so far, by lower-case names.
    public List<Map<String, String>> requests() {
        return List.copyOf(requests);
    }

    public FileServer replaced(byte[] other, String otherEtag) {
        bytes = other;
        etag = otherEtag;
        return this;
    }

    /// The next answer ends behind so many bytes; without an end of the connection where it stalls.
    public FileServer cutOnce(int behind) {
        cutBehind = behind;
        return this;
    }

    public FileServer stallOnce(int behind) {
        stalls = true;
        return cutOnce(behind);
    }

    /// The next answer waits behind so many bytes until it is released.
    public FileServer holdOnce(int behind) {
        held = behind;
        return this;
    }

    public void release() {
        released.countDown();
    }

    public FileServer withoutRanges() {
        ranges = false;
        return this;
    }

    public FileServer refuses(int status, int times) {
        refusals.addAll(Collections.nCopies(times, status));
        return this;
    }

    public FileServer redirectsTo(String address) {
        redirect = address;
        return this;
    }

    public FileServer header(String name, String value) {
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
        int begun = hold(body, whole, from);
        int cut = cutBehind;
        cutBehind = -1;
        body.write(whole, begun, (cut < 0 ? whole.length : Math.min(cut, whole.length)) - begun);
        body.flush();
        if (cut >= 0 && stalls) {
            stalls = false;
            await(closing);
        }
    }

    /// @return where the rest begins
    private int hold(OutputStream body, byte[] whole, int from) throws IOException {
        int first = held;
        held = -1;
        if (first < 0) {
            return from;
        }
        body.write(whole, from, first);
        body.flush();
        await(released);
        return from + first;
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closing.countDown();
        released.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
