package org.flinkllama.operators.inference.state;

import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import org.flinkllama.model.generation.Request;
import org.flinkllama.model.sampling.SamplingOptions;

/// SHA-256 of everything that decides a request's outcome, the model included. Where it differs, what was sampled
/// earlier belongs to another text.
final class RequestFingerprint {
    private RequestFingerprint() {}

    /// @param model SHA-256 of the model's file
    static ByteBuffer of(String model, Request request) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            DataOutputStream out =
                    new DataOutputStream(new DigestOutputStream(OutputStream.nullOutputStream(), digest));
            out.writeUTF(model);
            write(request.prompt(), out);
            switch (request) {
                case Request.Generate generate -> write(generate, out);
                case Request.Score(int[] _, List<int[]> continuations) -> {
                    out.writeByte('s');
                    for (int[] continuation : continuations) {
                        write(continuation, out);
                    }
                }
            }
            out.flush();
            return ByteBuffer.wrap(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("This JVM has no SHA-256, which every JVM must have.", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(Request.Generate request, DataOutputStream out) throws IOException {
        SamplingOptions sampling = request.sampling();
        out.writeByte('g');
        out.writeFloat(sampling.temperature());
        out.writeInt(sampling.topK());
        out.writeFloat(sampling.topP());
        out.writeFloat(sampling.minP());
        out.writeFloat(sampling.repetitionPenalty());
        out.writeLong(sampling.seed());
        out.writeInt(request.sequences());
        out.writeInt(request.maxTokens());
        out.writeInt(request.stop().size());
        for (String stop : request.stop()) {
            out.writeUTF(stop);
        }
        out.writeLong(request.constraint().fingerprint());
    }

    private static void write(int[] tokens, DataOutputStream out) throws IOException {
        out.writeInt(tokens.length);
        for (int token : tokens) {
            out.writeInt(token);
        }
    }
}
