package org.flinkllama.jobs.chat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.SynchronousQueue;
import org.flinkllama.schemas.v1.Turn;
import org.flinkllama.schemas.v1.TurnKind;

/// Turns lines into turns until they end or one says so.
public final class ChatSession {
    static final String HELP = """
            Type what you want to say; each line is a turn of the conversation.
            /document FILE  talk about a text file
            /reset          forget what was said, but not the document
            /end            forget everything and leave; so do Ctrl-D and Ctrl-C, which forget nothing
            /help           this""";

    private final ChatPartner partner;
    private final Names names;
    private final PrintWriter out;
    private final PrintWriter notes;
    private final String prompt;
    private Optional<Path> document = Optional.empty();
    private long turns;

    /// Whose conversation this is.
    ///
    /// @param tenant owner; null for none
    /// @param turns  what the ids of this session's turns begin with; of no other session's
    public record Names(String conversation, String tenant, String turns) {}

    /// @param prompt printed before each line is read; empty where nobody sees it
    public ChatSession(ChatPartner partner, Names names, PrintWriter out, PrintWriter notes, String prompt) {
        this.partner = partner;
        this.names = names;
        this.out = out;
        this.notes = notes;
        this.prompt = prompt;
    }

    /// Brings a document with the next turn.
    public void about(Path file) {
        document = Optional.of(file);
    }

    /// Reads lines until they end, one says `/end`, or this thread is interrupted.
    public void run(BufferedReader lines) throws Exception {
        SynchronousQueue<Optional<String>> typed = new SynchronousQueue<>();
        // Reading a line can't be interrupted; the thread that does it is left behind where this one is.
        Thread.ofPlatform().daemon().name("chat-input").start(() -> read(lines, typed));
        boolean goesOn = true;
        while (goesOn) {
            out.print(prompt);
            out.flush();
            Optional<String> line = typed.take();
            goesOn = line.isPresent() && take(line.get().strip());
        }
    }

    private static void read(BufferedReader lines, SynchronousQueue<Optional<String>> typed) {
        try {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                typed.put(Optional.of(line));
            }
            typed.put(Optional.empty());
        } catch (IOException unreadable) {
            end(typed);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void end(SynchronousQueue<Optional<String>> typed) {
        try {
            typed.put(Optional.empty());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// @return false where the session is over
    private boolean take(String line) throws Exception {
        if (!line.startsWith("/")) {
            if (!line.isEmpty()) {
                say(line);
            }
            return true;
        }
        String[] words = line.split("\\s+", 2);
        switch (words[0]) {
            case "/reset" -> say(turn().setKind(TurnKind.RESET));
            case "/end" -> {
                say(turn().setKind(TurnKind.END));
                return false;
            }
            case "/document" -> {
                if (words.length < 2) {
                    note("Say which file: /document FILE.");
                } else {
                    about(Path.of(words[1]));
                    note("The next line is about " + words[1] + ".");
                }
            }
            case "/help" -> notes.println(HELP);
            default -> note("There is no command '" + words[0] + "'; /help lists those that there are.");
        }
        notes.flush();
        return true;
    }

    private void say(String text) throws Exception {
        Turn.Builder turn = turn().setText(text);
        if (document.isPresent()) {
            Path file = document.get();
            document = Optional.empty();
            try {
                turn.setDocumentId(String.valueOf(file.getFileName()))
                        .setDocumentText(Files.readString(file, StandardCharsets.UTF_8));
            } catch (NoSuchFileException missing) {
                note("The file '" + file + "' does not exist; nothing was said.");
                return;
            } catch (MalformedInputException binary) {
                note("The file '" + file + "' is no text in UTF-8; nothing was said.");
                return;
            } catch (IOException unreadable) {
                note("The file '" + file + "' can't be read; nothing was said.");
                return;
            }
        }
        say(turn);
    }

    private void say(Turn.Builder turn) throws Exception {
        partner.answer(turn.build(), new ReplyScreen(out, notes));
    }

    private Turn.Builder turn() {
        return Turn.newBuilder()
                .setConversationId(names.conversation())
                .setTenant(names.tenant())
                .setTurnId(names.turns() + "-" + turns++);
    }

    private void note(String sentence) {
        notes.println("[" + sentence + "]");
        notes.flush();
    }
}
