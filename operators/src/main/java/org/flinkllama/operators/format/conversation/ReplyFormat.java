package org.flinkllama.operators.format.conversation;

import java.io.Serializable;
import org.flinkllama.operators.format.RecordFormat;
import org.flinkllama.operators.reject.RecordRejectedException;
import org.flinkllama.schemas.v1.InputRecord;
import org.flinkllama.schemas.v1.Reply;

/// How a reply stands in a record's value. Equal replies give equal bytes. Safe for use by many threads.
public interface ReplyFormat extends Serializable {
    byte[] write(Reply reply);

    /// The reply in a record, which stays as it is.
    ///
    /// @throws RecordRejectedException where the record holds no readable reply; stage `DECODE`
    Reply read(InputRecord record) throws RecordRejectedException;

    static ReplyFormat of(RecordFormat format) {
        return switch (format) {
            case JSON -> new JsonReplyFormat();
            case AVRO -> new AvroReplyFormat();
        };
    }
}
