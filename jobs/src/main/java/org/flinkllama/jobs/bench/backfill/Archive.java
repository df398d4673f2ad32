package org.flinkllama.jobs.bench.backfill;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.flinkllama.jobs.bench.documents.DocumentPlan;
import org.flinkllama.jobs.bench.documents.DocumentStream;
import org.flinkllama.model.generation.Request;
import org.flinkllama.operators.format.DocumentReader;
import org.flinkllama.operators.format.RecordFormat;
import org.flinkllama.operators.reject.RecordRejectedException;
import org.flinkllama.operators.task.DocumentEnrichment;
import org.flinkllama.schemas.v1.InputRecord;

/// Documents of nine lengths, the shortest with a third of the text of the middle one, and what a backfill asks of
/// them.
final class Archive {
    private static final int LENGTHS = 9;

    private final DocumentPlan plan;
    private final List<byte[]> documents = new ArrayList<>();

    Archive(DocumentPlan plan) {
        this.plan = plan;
        DocumentStream stream = plan.stream();
        int text = stream.promptTokens() - stream.sharedTokens();
        int step = text * 2 / 3 / (LENGTHS / 2);
        for (int number = 0; number < stream.documents(); number++) {
            int length = stream.promptTokens() + (number % LENGTHS - LENGTHS / 2) * step;
            documents.add(plan.texts().document(number, length));
        }
    }

    /// Writes JSON lines.
    void write(Path file) throws IOException {
        try (OutputStream lines = Files.newOutputStream(file)) {
            for (byte[] document : documents) {
                lines.write(document);
                lines.write('\n');
            }
        }
    }

    /// The requests on the first documents, the longest first.
    List<Request> requests(int count) {
        DocumentReader reader = RecordFormat.JSON.documentReader();
        return documents.stream()
                .limit(count)
                .flatMap(document -> requests(reader, document))
                .sorted(Comparator.comparingInt((Request request) -> -request.prompt().length))
                .toList();
    }

    private Stream<Request> requests(DocumentReader reader, byte[] document) {
        InputRecord record = new InputRecord("memory", 0, 0L, null, null, ByteBuffer.wrap(document), List.of());
        try {
            return new DocumentEnrichment(plan.model(), plan.options(), reader.read(record), record)
                    .inquiries().stream().map(DocumentEnrichment.Inquiry::request);
        } catch (RecordRejectedException e) {
            throw new IllegalStateException("A document was refused: " + e.getMessage(), e);
        }
    }
}
