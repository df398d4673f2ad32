package org.flinkllama.jobs.bench.documents;

import java.util.List;
import java.util.Set;
import org.flinkllama.model.cache.CacheType;
import org.flinkllama.model.chat.ChatTemplate;
import org.flinkllama.model.llama.LlamaModel;
import org.flinkllama.operators.replica.ReplicaOptions;
import org.flinkllama.operators.task.Assignment;
import org.flinkllama.operators.task.CustomPrompt;
import org.flinkllama.operators.task.EnrichmentOptions;
import org.flinkllama.operators.task.TaskModel;
import org.flinkllama.operators.task.TokenLimits;
import org.flinkllama.operators.task.prompt.ModelPrompts;
import org.flinkllama.operators.task.prompt.PromptProfile;

/// One thing that is asked of every document, and a replica that has room for it.
public final class DocumentPlan {
    private final DocumentStream stream;
    private final DocumentTexts texts;
    private final TaskModel model;
    private final ReplicaOptions replica;

    /// @throws IllegalArgumentException where the model can't be asked such prompts
    public DocumentPlan(LlamaModel model, DocumentStream stream, CacheType cacheType) {
        ChatTemplate template = model.chatTemplate()
                .orElseThrow(() -> new IllegalArgumentException(
                        "Model '" + model.name() + "' names no chat template that is known, which documents need."));
        this.stream = stream;
        // Room for words that take several tokens; more would only cost memory.
        int contextLength = Math.min(model.contextLength(), 2 * (stream.promptTokens() + stream.generatedTokens()));
        PromptProfile profile = PromptProfile.chosen(PromptProfile.AUTO, template.name());
        ModelPrompts prompts = new ModelPrompts(profile, template, model.tokenizer(), contextLength);
        this.model = new TaskModel(model.name(), "", prompts);
        this.texts = new DocumentTexts(prompts, stream.sharedTokens());
        this.replica = ReplicaOptions.of(model.path().toAbsolutePath())
                .withMaxSequences(stream.inFlight())
                .withContextLength(contextLength)
                .withCacheType(cacheType);
    }

    public DocumentStream stream() {
        return stream;
    }

    public DocumentTexts texts() {
        return texts;
    }

    /// How prompts are made; its checksum is empty.
    public TaskModel model() {
        return model;
    }

    public EnrichmentOptions options() {
        return EnrichmentOptions.DEFAULT
                .withAssignment(Assignment.DEFAULT
                        .withPrompts(List.of(new CustomPrompt("bench", texts.instruction())))
                        .withTasks(Set.of()))
                .withMaxTokens(new TokenLimits(1, 1, stream.generatedTokens()));
    }

    public ReplicaOptions replica() {
        return replica;
    }
}
