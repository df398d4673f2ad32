package org.flinkllama.operators.format.conversation;

import org.flinkllama.operators.format.ProvenanceFormat;
import org.flinkllama.operators.format.registry.RegistryAccess;
import org.flinkllama.operators.format.registry.RegistryCodec;
import org.flinkllama.operators.reject.RecordRejectedException;
import org.flinkllama.schemas.v1.InputRecord;
import org.flinkllama.schemas.v1.Reply;

/// Replies whose schema a registry keeps.
public record RegistryReplyFormat(RegistryCodec<Reply> codec) implements ReplyFormat {
    /// Registers the schema, so that nothing starts without it.
    public static RegistryReplyFormat of(RegistryAccess access, String topic) {
        RegistryCodec<Reply> codec = new RegistryCodec<>(access, Reply.class, "reply", topic);
        codec.register();
        return new RegistryReplyFormat(codec);
    }

    @Override
    public byte[] write(Reply reply) {
        return codec.write(Reply.newBuilder(reply)
                .setProvenance(ProvenanceFormat.inOrder(reply.getProvenance()))
                .build());
    }

    @Override
    public Reply read(InputRecord record) throws RecordRejectedException {
        return codec.read(record);
    }
}
