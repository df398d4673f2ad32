package org.flinkllama.operators.task.text;

/// A stretch of a document as a model reads it, with the way back to the document's own offsets. Some models were
/// trained on text without line breaks: they read every run of white space as one space.
public final class ReadText {
    private final String text;
    private final int[] offsets; // [text.length()] the document's offset of each character

    private ReadText(String text, int[] offsets) {
        this.text = text;
        this.offsets = offsets;
    }

    /// The stretch as it stands.
    public static ReadText asWritten(String document, TextSpan span) {
        int[] offsets = new int[span.length()];
        for (int index = 0; index < offsets.length; index++) {
            offsets[index] = span.start() + index;
        }
        return new ReadText(span.of(document), offsets);
    }

    /// The stretch with one space for every run of white space and none at its ends.
    public static ReadText collapsed(String document, TextSpan span) {
        TextSpan stripped = span.stripped(document);
        StringBuilder text = new StringBuilder(stripped.length());
        int[] offsets = new int[stripped.length()];
        boolean inSpace = false;
        for (int offset = stripped.start(); offset < stripped.end(); offset++) {
            char character = document.charAt(offset);
            boolean space = TextSpan.isSpace(character);
            if (!space || !inSpace) {
                offsets[text.length()] = offset;
                text.append(space ? ' ' : character);
            }
            inSpace = space;
        }
        return new ReadText(text.toString(), offsets);
    }

    /// What the model reads.
    public String text() {
        return text;
    }

    /// Where a stretch of [#text()] that is not empty stands in the document.
    public TextSpan inDocument(TextSpan span) {
        return new TextSpan(offsets[span.start()], offsets[span.end() - 1] + 1);
    }
}
