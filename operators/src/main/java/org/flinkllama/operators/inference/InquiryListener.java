package org.flinkllama.operators.inference;

import org.flinkllama.model.generation.Outcome;
import org.flinkllama.model.generation.RequestListener;
import org.flinkllama.operators.inference.state.InquiryProgress;

/// Hears of one inquiry on the replica's thread, and brings it to the task thread.
final class InquiryListener<T> implements RequestListener {
    private final News news;
    private final TaskSide<T> taskSide;
    private final RecordInFlight<T> record;
    private final InquiryProgress inquiry;
    private final long submitted = System.nanoTime();

    InquiryListener(News news, TaskSide<T> taskSide, RecordInFlight<T> record, InquiryProgress inquiry) {
        this.news = news;
        this.taskSide = taskSide;
        this.record = record;
        this.inquiry = inquiry;
    }

    /// Who takes the news in, on the task thread.
    interface TaskSide<T> {
        void generated(RecordInFlight<T> record, InquiryProgress inquiry, Token token) throws Exception;

        /// @param duration nanoseconds since the request was made
        void ended(RecordInFlight<T> record, InquiryProgress inquiry, Outcome outcome, long duration) throws Exception;
    }

    /// @param text     by which the text of its sequence grew
    /// @param duration nanoseconds since the request was made
    record Token(int sequence, int token, float logProbability, String text, long duration) {}

    @Override
    public void generated(int sequence, int token, float logProbability, String text) {
        Token heard = new Token(sequence, token, logProbability, text, System.nanoTime() - submitted);
        news.tell(() -> taskSide.generated(record, inquiry, heard));
    }

    @Override
    public void ended(Outcome outcome) {
        long duration = System.nanoTime() - submitted;
        news.tell(() -> taskSide.ended(record, inquiry, outcome, duration));
    }
}
