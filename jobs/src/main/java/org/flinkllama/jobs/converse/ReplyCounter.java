package org.flinkllama.jobs.converse;

import org.apache.flink.api.common.accumulators.LongCounter;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.flinkllama.schemas.v1.Reply;

/// Counts complete replies and their tokens on their way to the sink, for whoever watches the job.
final class ReplyCounter extends RichMapFunction<Reply, Reply> {
    private static final long serialVersionUID = 1L;

    // -- runtime
    private transient LongCounter replies;
    private transient LongCounter tokens;

    @Override
    public void open(OpenContext context) {
        replies = getRuntimeContext().getLongCounter(TurnProgress.REPLIES);
        tokens = getRuntimeContext().getLongCounter(TurnProgress.TOKENS);
    }

    @Override
    public Reply map(Reply reply) {
        if (reply.getLast()) {
            replies.add(1);
            tokens.add(reply.getProvenance().getPromptTokens()
                    + reply.getProvenance().getCompletionTokens());
        }
        return reply;
    }
}
