package org.flinkllama.operators.inference;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.flink.api.common.state.KeyedStateStore;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.flinkllama.model.generation.Outcome;
import org.flinkllama.model.generation.Request;
import org.flinkllama.model.sampling.SamplingOptions;
import org.flinkllama.model.sampling.TokenConstraint;
import org.flinkllama.model.tokenizer.Tokenizer;
import org.flinkllama.operators.inference.plan.Inquiry;
import org.flinkllama.operators.inference.plan.Work;
import org.flinkllama.operators.inference.plan.Worker;
import org.flinkllama.operators.inference.plan.Workload;
import org.flinkllama.operators.reject.RecordRejectedException;
import org.flinkllama.operators.reject.Rejection;
import org.flinkllama.operators.replica.ModelCard;
import org.flinkllama.schemas.v1.InputRecord;
import org.flinkllama.schemas.v1.Stage;

/// Says something about a record in parts of two tokens, rates it meanwhile, then says something again. The last
/// output has it all, and how many records of its key were there before.
record TalkWorkload(int maxTokens) implements Workload<String> {
    @Override
    public Worker<String> open(ModelCard model, KeyedStateStore state) {
        ValueState<Long> said = state.getState(new ValueStateDescriptor<>("said", Types.LONG));
        return record -> begin(record, model.tokenizer(), said);
    }

    private Work<String> begin(InputRecord record, Tokenizer tokenizer, ValueState<Long> said) throws Exception {
        String text =
                StandardCharsets.UTF_8.decode(record.getValue().duplicate()).toString();
        if (text.contains("unpromptable")) {
            throw RecordRejectedException.by(TalkWorkload.class, Stage.PROMPT, "Scripted to be refused.");
        }
        if (text.contains("explosive")) {
            throw new IllegalArgumentException("Scripted to tell: " + text);
        }
        return new Talk(text, tokenizer, maxTokens, said);
    }

    private static final class Talk implements Work<String> {
        private final String text;
        private final Tokenizer tokenizer;
        private final int maxTokens;
        private final ValueState<Long> said;
        private final long before;
        private final List<String> ready = new ArrayList<>();
        private final StringBuilder part = new StringBuilder();
        private int tokens;
        private String first;
        private String second;
        private Double rating;
        private Rejection rejection;

        private Talk(String text, Tokenizer tokenizer, int maxTokens, ValueState<Long> said) throws Exception {
            this.text = text;
            this.tokenizer = tokenizer;
            this.maxTokens = maxTokens;
            this.said = said;
            this.before = Optional.ofNullable(said.value()).orElse(0L);
        }

        @Override
        public List<Inquiry> inquiries() {
            if (text.contains("nothing")) {
                return List.of();
            }
            Request rate = new Request.Score(tokenizer.encode("rate " + text), List.of(tokenizer.encode("good")));
            return List.of(new Inquiry("rate", "scope " + text, rate), talk("talk/0", "say " + text));
        }

        private Inquiry talk(String id, String prompt) {
            return new Inquiry(
                    id,
                    "scope " + text,
                    new Request.Generate(
                            tokenizer.encode(prompt),
                            SamplingOptions.GREEDY,
                            1,
                            maxTokens,
                            List.of(),
                            TokenConstraint.NONE));
        }

        @Override
        public void generated(String id, int sequence, int token, String more) {
            if (text.contains("bursting")) {
                throw new IllegalStateException("Scripted to tell: " + text);
            }
            part.append(more);
            if (++tokens % 2 == 0) {
                ready.add(text + ":" + part);
                part.setLength(0);
            }
        }

        @Override
        public List<Inquiry> outcome(String id, Outcome outcome) {
            switch (outcome) {
                case Outcome.Scored(List<double[]> scores, int _) -> rating = scores.getFirst()[0];
                case Outcome.Failed(String reason) ->
                    rejection = Rejection.by(TalkWorkload.class, Stage.INFERENCE, reason);
                case Outcome.Generated(List<Outcome.Completion> completions, int _) -> {
                    if (first == null) {
                        first = completions.getFirst().text();
                        return List.of(talk("talk/1", "say more " + text));
                    }
                    second = completions.getFirst().text();
                }
            }
            if (second != null && rating != null) {
                ready.add(text + "=" + first + "|" + second + "|" + before);
            }
            return List.of();
        }

        @Override
        public List<String> drain() {
            List<String> taken = List.copyOf(ready);
            ready.clear();
            return taken;
        }

        @Override
        public Optional<End> end() {
            if (rejection != null) {
                return Optional.of(new End.Rejected(rejection));
            }
            boolean done = text.contains("nothing") || second != null && rating != null;
            return done ? Optional.of(new End.Done()) : Optional.empty();
        }

        @Override
        public void finish() throws Exception {
            said.update(before + 1);
        }

        @Override
        public List<String> rejected(Rejection reason) {
            return List.of(text + " was given up");
        }
    }
}
