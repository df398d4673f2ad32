package org.flinkllama.operators.conversation;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.flinkllama.model.generation.Outcome.Completion;
import org.flinkllama.schemas.v1.Conversation;
import org.flinkllama.schemas.v1.ConversationDocument;
import org.flinkllama.schemas.v1.Exchange;

/// What is remembered of a conversation while one turn is worked on: a copy, which becomes the conversation when
/// the turn is done.
final class Transcript {
    /// Turns that are known to be answered, at most: one that comes again behind so many others is a new turn.
    static final int ANSWERED_TURNS = 64;

    private final Conversation conversation;

    Transcript(Optional<Conversation> before) {
        this.conversation = before.map(Conversation::newBuilder)
                .orElseGet(Conversation::newBuilder)
                .build();
    }

    Conversation conversation() {
        return conversation;
    }

    boolean answered(String turnId) {
        return conversation.getAnsweredTurns().contains(turnId);
    }

    Optional<ConversationDocument> document() {
        return Optional.ofNullable(conversation.getDocument());
    }

    void document(ConversationDocument document) {
        conversation.setDocument(document);
    }

    /// Forgets what was said.
    void reset() {
        conversation.setExchanges(new ArrayList<>());
        conversation.setSummary("");
        conversation.setDroppedTurns(0);
        conversation.setSummarizedTurns(0);
    }

    /// Forgets the oldest exchanges.
    void drop(int exchanges) {
        conversation.setExchanges(rest(exchanges));
        conversation.setDroppedTurns(conversation.getDroppedTurns() + exchanges);
    }

    /// Puts a summary in the place of the oldest exchanges.
    void summarize(int exchanges, String summary) {
        conversation.setExchanges(rest(exchanges));
        conversation.setSummary(summary);
        conversation.setSummarizedTurns(conversation.getSummarizedTurns() + exchanges);
    }

    /// Forgets the summary.
    void dropSummary() {
        conversation.setSummary("");
        conversation.setDroppedTurns(conversation.getDroppedTurns() + conversation.getSummarizedTurns());
        conversation.setSummarizedTurns(0);
    }

    void answer(String message, String reply, Completion completion) {
        List<Integer> tokens = new ArrayList<>(completion.tokens().length);
        for (int token : completion.tokens()) {
            tokens.add(token);
        }
        List<Exchange> exchanges = rest(0);
        exchanges.add(new Exchange(message, reply, tokens));
        conversation.setExchanges(exchanges);
    }

    /// Makes all tokens those of this model, if they are not.
    void retokenize(String modelSha256, Function<String, int[]> tokens) {
        if (modelSha256.equals(conversation.getModelSha256())) {
            return;
        }
        conversation.setModelSha256(modelSha256);
        for (Exchange exchange : conversation.getExchanges()) {
            List<Integer> own = new ArrayList<>();
            for (int token : tokens.apply(exchange.getReply())) {
                own.add(token);
            }
            exchange.setReplyTokens(own);
        }
    }

    void remember(String turnId) {
        List<String> answered = new ArrayList<>(conversation.getAnsweredTurns());
        answered.add(turnId);
        conversation.setAnsweredTurns(answered.subList(Math.max(0, answered.size() - ANSWERED_TURNS), answered.size()));
    }

    private List<Exchange> rest(int dropped) {
        return new ArrayList<>(conversation
                .getExchanges()
                .subList(dropped, conversation.getExchanges().size()));
    }
}
