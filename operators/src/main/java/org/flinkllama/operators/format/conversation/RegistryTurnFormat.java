package org.flinkllama.operators.format.conversation;

import org.flinkllama.operators.format.registry.RegistryAccess;
import org.flinkllama.operators.format.registry.RegistryCodec;
import org.flinkllama.operators.reject.RecordRejectedException;
import org.flinkllama.schemas.v1.InputRecord;
import org.flinkllama.schemas.v1.Turn;

/// Turns whose schemas a registry keeps.
public record RegistryTurnFormat(RegistryCodec<Turn> codec) implements TurnFormat {
    public static RegistryTurnFormat of(RegistryAccess access, String topic) {
        return new RegistryTurnFormat(new RegistryCodec<>(access, Turn.class, "turn", topic));
    }

    @Override
    public void prepare() {
        codec.requireRegistry();
    }

    @Override
    public Turn read(InputRecord record) throws RecordRejectedException {
        return codec.read(record);
    }

    @Override
    public byte[] write(Turn turn) {
        return codec.write(turn);
    }
}
