package org.flinkllama.jobs.bench.job;

import java.util.List;
import java.util.Set;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.connector.datagen.source.GeneratorFunction;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.flinkllama.model.cache.CacheType;
import org.flinkllama.model.chat.ChatTemplate;
import org.flinkllama.model.llama.LlamaModel;
import org.flinkllama.operators.enrich.EnrichmentPlan;
import org.flinkllama.operators.enrich.EnrichmentTopology;
import org.flinkllama.operators.format.RecordFormat;
import org.flinkllama.operators.replica.ReplicaOptions;
import org.flinkllama.operators.task.Assignment;
import org.flinkllama.operators.task.CustomPrompt;
import org.flinkllama.operators.task.EnrichmentOptions;
import org.flinkllama.operators.task.TokenLimits;
import org.flinkllama.operators.task.prompt.ModelPrompts;
import org.flinkllama.operators.task.prompt.PromptProfile;
import org.flinkllama.schemas.v1.DeadLetter;
import org.flinkllama.schemas.v1.Enrichment;
import org.flinkllama.schemas.v1.InputRecord;

/// The enrichment topology between a source in memory and nowhere, asking one thing of every document.
final class BenchTopology {
    private final LlamaModel model;
    private final DocumentStream stream;
    private final CacheType cacheType;
    private final int contextLength;
    private final DocumentTexts texts;

    /// @throws IllegalArgumentException where the model can't be asked such prompts
    BenchTopology(LlamaModel model, DocumentStream stream, CacheType cacheType) {
        ChatTemplate template = model.chatTemplate()
                .orElseThrow(() -> new IllegalArgumentException(
                        "Model '" + model.name() + "' names no chat template that is known, which documents need."));
        this.model = model;
        this.stream = stream;
        this.cacheType = cacheType;
        // Room for words that take several tokens; more would only cost memory.
        this.contextLength = Math.min(model.contextLength(), 2 * (stream.promptTokens() + stream.generatedTokens()));
        PromptProfile profile = PromptProfile.chosen(PromptProfile.AUTO, template.name());
        this.texts = new DocumentTexts(
                new ModelPrompts(profile, template, model.tokenizer(), contextLength),
                stream.sharedTokens(),
                stream.promptTokens());
    }

    DocumentTexts texts() {
        return texts;
    }

    int contextLength() {
        return contextLength;
    }

    void build(
            StreamExecutionEnvironment environment,
            GeneratorFunction<Long, InputRecord> documents,
            long count,
            int threads) {
        DataGeneratorSource<InputRecord> source =
                new DataGeneratorSource<>(documents, count, new AvroTypeInfo<>(InputRecord.class));
        DataStream<InputRecord> records = environment
                .fromSource(source, WatermarkStrategy.noWatermarks(), "documents")
                .uid("documents");
        EnrichmentTopology.Results results = EnrichmentTopology.enrich(records, plan(threads));
        results.enrichments()
                .map(new EnrichmentMeter(stream.warmUpDocuments()))
                .returns(new AvroTypeInfo<>(Enrichment.class))
                .uid("meter")
                .sinkTo(new DiscardingSink<>())
                .uid("enrichments");
        results.deadLetters()
                .map(new NoDeadLetter())
                .returns(new AvroTypeInfo<>(DeadLetter.class))
                .uid("no-dead-letter")
                .sinkTo(new DiscardingSink<>())
                .uid("dead-letters");
    }

    private EnrichmentPlan plan(int threads) {
        EnrichmentOptions options = EnrichmentOptions.DEFAULT
                .withAssignment(Assignment.DEFAULT
                        .withPrompts(List.of(new CustomPrompt("bench", texts.instruction())))
                        .withTasks(Set.of()))
                .withMaxTokens(new TokenLimits(1, 1, stream.generatedTokens()));
        ReplicaOptions replica = ReplicaOptions.of(model.path().toAbsolutePath())
                .withThreads(threads)
                .withMaxSequences(stream.inFlight())
                .withContextLength(contextLength)
                .withCacheType(cacheType);
        return EnrichmentPlan.of(RecordFormat.JSON.documentReader(), options, replica);
    }
}
