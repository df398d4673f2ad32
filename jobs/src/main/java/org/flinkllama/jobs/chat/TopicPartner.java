package org.flinkllama.jobs.chat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.flinkllama.jobs.kafka.CommittedReader;
import org.flinkllama.jobs.kafka.KafkaConnection;
import org.flinkllama.jobs.kafka.RecordFeed;
import org.flinkllama.operators.format.RecordFormat;
import org.flinkllama.operators.format.conversation.ReplyFormat;
import org.flinkllama.operators.format.conversation.TurnFormat;
import org.flinkllama.operators.reject.DeadLetterHeaders;
import org.flinkllama.operators.reject.RecordRejectedException;
import org.flinkllama.schemas.v1.InputHeader;
import org.flinkllama.schemas.v1.InputRecord;
import org.flinkllama.schemas.v1.Reply;
import org.flinkllama.schemas.v1.Turn;

/// A conversation job behind topics, which it reads as any consumer of committed records does.
public final class TopicPartner implements ChatPartner {
    private static final Duration PATIENCE = Duration.ofMillis(200);

    private final Topics topics;
    private final RecordFeed turns;
    private final CommittedReader replies;
    private final TurnFormat turnFormat;
    private final ReplyFormat replyFormat;

    /// Where turns go and replies come from.
    ///
    /// @param deadLetters where refused turns are found; empty where nobody says
    public record Topics(String turns, String replies, Optional<String> deadLetters, RecordFormat format) {
        /// All of them.
        public List<String> names() {
            List<String> names = new ArrayList<>(List.of(turns, replies));
            deadLetters.ifPresent(names::add);
            return names;
        }

        private List<String> read() {
            return names().subList(1, names().size());
        }
    }

    private TopicPartner(Topics topics, RecordFeed turns, CommittedReader replies) {
        this.topics = topics;
        this.turns = turns;
        this.replies = replies;
        this.turnFormat = TurnFormat.of(topics.format());
        this.replyFormat = ReplyFormat.of(topics.format());
    }

    /// Begins to read behind what is on the topics now.
    public static TopicPartner open(KafkaConnection connection, Topics topics) {
        CommittedReader replies = CommittedReader.fromEnd(connection, topics.read());
        return new TopicPartner(topics, new RecordFeed(connection, topics.turns()), replies);
    }

    @Override
    public void answer(Turn turn, ReplyScreen screen) throws InterruptedException {
        byte[] sent = turnFormat.write(turn);
        turns.send(turn.getConversationId().getBytes(StandardCharsets.UTF_8), sent, Map.of());
        turns.flush();
        boolean answered = false;
        while (!answered) {
            for (InputRecord record : replies.poll(PATIENCE)) {
                answered |= record.getTopic().equals(topics.replies())
                        ? isLast(record, turn, screen)
                        : isRefusal(record, sent, screen);
            }
        }
    }

    private boolean isLast(InputRecord record, Turn turn, ReplyScreen screen) {
        try {
            Reply reply = replyFormat.read(record);
            boolean ours = reply.getConversationId().equals(turn.getConversationId())
                    && reply.getTurnId().equals(turn.getTurnId())
                    && Objects.equals(reply.getTenant(), turn.getTenant());
            if (ours) {
                screen.print(reply);
            }
            return ours && reply.getLast();
        } catch (RecordRejectedException unreadable) {
            // Somebody else's: this job writes what can be read.
            return false;
        }
    }

    private static boolean isRefusal(InputRecord record, byte[] sent, ReplyScreen screen) {
        boolean ours = record.getValue() != null && Arrays.equals(bytes(record.getValue()), sent);
        if (ours) {
            screen.refuse(record.getHeaders().stream()
                    .filter(header -> header.getName().equals(DeadLetterHeaders.EXCEPTION_MESSAGE))
                    .map(InputHeader::getValue)
                    .reduce((_, last) -> last)
                    .map(message -> new String(bytes(message), StandardCharsets.UTF_8))
                    .orElse("the turn is on the topic of dead letters."));
        }
        return ours;
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }

    @Override
    public void close() {
        turns.close();
        replies.close();
    }
}
