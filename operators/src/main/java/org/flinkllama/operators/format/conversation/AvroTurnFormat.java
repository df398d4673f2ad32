package org.flinkllama.operators.format.conversation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import org.flinkllama.operators.format.SingleObjectReader;
import org.flinkllama.operators.reject.RecordRejectedException;
import org.flinkllama.schemas.v1.InputRecord;
import org.flinkllama.schemas.v1.Turn;

/// Turns in Avro's single-object encoding.
final class AvroTurnFormat implements TurnFormat {
    private static final long serialVersionUID = 1L;

    private static final SingleObjectReader<Turn> READER =
            new SingleObjectReader<>(Turn.class, Turn.getClassSchema(), "turn");

    @Override
    public Turn read(InputRecord record) throws RecordRejectedException {
        return READER.read(record);
    }

    @Override
    public byte[] write(Turn turn) {
        try {
            ByteBuffer encoded = Turn.getEncoder().encode(turn);
            byte[] bytes = new byte[encoded.remaining()];
            encoded.get(bytes);
            return bytes;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
