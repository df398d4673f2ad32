package org.flinkllama.jobs.bench.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.flink.api.common.JobID;

/// The checkpoints of a job, as Flink's REST interface tells them.
///
/// @param durations milliseconds of the completed ones, shortest first
/// @param failed    how many failed
/// @param largest   bytes of the largest
record CheckpointHistory(List<Long> durations, int failed, long largest) {
    /// Checkpoints triggered at `since`, in milliseconds since the epoch, or later.
    static CheckpointHistory read(String restAddress, JobID job, long since) throws IOException, InterruptedException {
        URI uri = URI.create(restAddress + "/jobs/" + job.toHexString() + "/checkpoints");
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<byte[]> response =
                    client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofByteArray());
            return of(new ObjectMapper().readTree(response.body()), since);
        }
    }

    /// @param statistics the answer of `/jobs/:job/checkpoints`
    static CheckpointHistory of(JsonNode statistics, long since) {
        List<Long> durations = new ArrayList<>();
        int failed = 0;
        long largest = 0;
        for (JsonNode checkpoint : statistics.path("history")) {
            if (checkpoint.path("trigger_timestamp").asLong() < since) {
                continue;
            }
            switch (checkpoint.path("status").asText()) {
                case "COMPLETED" -> {
                    durations.add(checkpoint.path("end_to_end_duration").asLong());
                    largest = Math.max(
                            largest,
                            checkpoint
                                    .path("full_size")
                                    .asLong(checkpoint.path("checkpointed_size").asLong()));
                }
                case "FAILED" -> failed++;
                default -> {} // one that has not ended says nothing yet
            }
        }
        Collections.sort(durations);
        return new CheckpointHistory(List.copyOf(durations), failed, largest);
    }

    /// The duration that this share of the checkpoints did not exceed, in milliseconds; 0 where there was none.
    long percentile(double share) {
        if (durations.isEmpty()) {
            return 0;
        }
        int rank = (int) Math.ceil(share * durations.size());
        return durations.get(Math.max(0, rank - 1));
    }
}
