package org.flinkllama.operators.format.conversation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import org.flinkllama.operators.format.ProvenanceFormat;
import org.flinkllama.operators.format.SingleObjectReader;
import org.flinkllama.operators.reject.RecordRejectedException;
import org.flinkllama.schemas.v1.InputRecord;
import org.flinkllama.schemas.v1.Reply;

/// Replies in Avro's single-object encoding.
final class AvroReplyFormat implements ReplyFormat {
    private static final long serialVersionUID = 1L;

    private static final SingleObjectReader<Reply> READER =
            new SingleObjectReader<>(Reply.class, Reply.getClassSchema(), "reply");

    @Override
    public byte[] write(Reply reply) {
        try {
            ByteBuffer encoded = Reply.getEncoder()
                    .encode(Reply.newBuilder(reply)
                            .setProvenance(ProvenanceFormat.inOrder(reply.getProvenance()))
                            .build());
            byte[] bytes = new byte[encoded.remaining()];
            encoded.get(bytes);
            return bytes;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Reply read(InputRecord record) throws RecordRejectedException {
        return READER.read(record);
    }
}
