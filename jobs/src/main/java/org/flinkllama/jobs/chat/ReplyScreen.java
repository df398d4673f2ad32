package org.flinkllama.jobs.chat;

import java.io.PrintWriter;
import org.flinkllama.schemas.v1.FinishReason;
import org.flinkllama.schemas.v1.Reply;

/// Prints a reply as its parts come, and below it what was left out.
public final class ReplyScreen {
    private final PrintWriter out;
    private final PrintWriter notes;
    private final StringBuilder printed = new StringBuilder();

    /// @param notes where it is said what a reply lacks
    public ReplyScreen(PrintWriter out, PrintWriter notes) {
        this.out = out;
        this.notes = notes;
    }

    /// Prints a part, or the rest of the whole reply.
    public void print(Reply reply) {
        if (!reply.getLast()) {
            printed.append(reply.getText());
            out.print(reply.getText());
            out.flush();
            return;
        }
        String whole = reply.getText();
        if (whole.startsWith(printed.toString())) {
            out.print(whole.substring(printed.length()));
        } else {
            // Parts of an earlier attempt at the same turn.
            out.println();
            out.print(whole);
        }
        printed.setLength(0);
        if (!reply.getProvenance().getFinishReasons().isEmpty()) {
            out.println();
        }
        out.flush();
        printNotes(reply);
    }

    /// Says why there is no reply.
    public void refuse(String reason) {
        printed.setLength(0);
        note("No reply: " + reason);
    }

    private void printNotes(Reply reply) {
        if (reply.getProvenance().getFinishReasons().get("reply") == FinishReason.LENGTH) {
            note("The reply ends at the limit of tokens; raise --max-tokens for longer ones.");
        }
        if (reply.getSummarizedTurns() > 0) {
            note(reply.getSummarizedTurns() + " earlier turns are known as a summary only.");
        }
        if (reply.getDroppedTurns() > 0) {
            note(reply.getDroppedTurns() + " earlier turns no longer fit the model's context and are forgotten.");
        }
        if (reply.getDroppedDocumentCharacters() > 0) {
            note("The last " + reply.getDroppedDocumentCharacters()
                    + " characters of the document don't fit the model's context and were not read.");
        }
    }

    private void note(String sentence) {
        notes.println("[" + sentence + "]");
        notes.flush();
    }
}
