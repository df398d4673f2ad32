package org.flinkllama.jobs.converse;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.flinkllama.jobs.kafka.RecordSource;
import org.flinkllama.operators.format.RecordFormat;
import org.flinkllama.operators.format.conversation.ReplyFormat;

/// Where the job reads and writes.
///
/// @param turns       what is answered
/// @param documents   documents that turns may name; empty for none
/// @param replies     topic of the replies
/// @param format      how a reply is written
/// @param deadLetters topic of the records that could not be worked on
public record ConversationTopics(
        RecordSource turns, Optional<RecordSource> documents, String replies, ReplyFormat format, String deadLetters) {
    public ConversationTopics(
            RecordSource turns,
            Optional<RecordSource> documents,
            String replies,
            RecordFormat format,
            String deadLetters) {
        this(turns, documents, replies, ReplyFormat.of(format), deadLetters);
    }

    /// All topics, that of the turns first.
    List<String> names() {
        return Stream.concat(
                        Stream.of(turns.topic(), replies, deadLetters),
                        documents.stream().map(RecordSource::topic))
                .toList();
    }
}
