package org.flinkllama.operators.converse.documents;

import java.io.Serializable;
import java.time.Duration;
import org.flinkllama.operators.format.DocumentReader;
import org.flinkllama.operators.format.RecordFormat;

/// How documents are kept that turns name.
///
/// @param reader                reads them
/// @param maxDocumentCharacters UTF-16 code units of a text at most; a longer one is refused
/// @param timeToLive            how long a document is kept, counted anew when it is written or asked for
/// @param patience              how long a turn waits for a document that isn't there yet
public record DocumentLookup(DocumentReader reader, int maxDocumentCharacters, Duration timeToLive, Duration patience)
        implements Serializable {
    public static final DocumentLookup DEFAULT = new DocumentLookup(
            RecordFormat.JSON.documentReader(), 1_000_000, Duration.ofDays(7), Duration.ofMinutes(1));

    public DocumentLookup {
        require(timeToLive.toMillis() >= 1, "document-ttl", timeToLive, "a millisecond or more");
        require(!patience.isNegative(), "document-timeout", patience, "0 or more");
    }

    private static void require(boolean valid, String option, Object found, String expected) {
        if (!valid) {
            throw new IllegalArgumentException("Option '" + option + "' is " + found + "; expected " + expected + ".");
        }
    }
}
