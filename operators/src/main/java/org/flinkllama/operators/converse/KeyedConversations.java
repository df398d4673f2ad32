package org.flinkllama.operators.converse;

import java.time.Duration;
import java.util.Optional;
import org.apache.flink.api.common.state.KeyedStateStore;
import org.apache.flink.api.common.state.StateTtlConfig;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;
import org.flinkllama.operators.conversation.ConversationStore;
import org.flinkllama.schemas.v1.Conversation;

/// Keyed state: conversations by their key, forgotten when no turn has come for a time. Every call needs the
/// conversation's key as the current one.
final class KeyedConversations implements ConversationStore {
    private final ValueState<Conversation> state;

    private KeyedConversations(ValueState<Conversation> state) {
        this.state = state;
    }

    static KeyedConversations of(KeyedStateStore store, Duration timeToLive) {
        ValueStateDescriptor<Conversation> descriptor =
                new ValueStateDescriptor<>("conversations", new AvroTypeInfo<>(Conversation.class));
        descriptor.enableTimeToLive(forgottenAfter(timeToLive));
        return new KeyedConversations(store.getState(descriptor));
    }

    /// Both reading and writing begin the time anew.
    static StateTtlConfig forgottenAfter(Duration timeToLive) {
        return StateTtlConfig.newBuilder(timeToLive)
                .setUpdateType(StateTtlConfig.UpdateType.OnReadAndWrite)
                .setStateVisibility(StateTtlConfig.StateVisibility.NeverReturnExpired)
                .build();
    }

    @Override
    public Optional<Conversation> read() throws Exception {
        return Optional.ofNullable(state.value());
    }

    @Override
    public void write(Conversation conversation) throws Exception {
        state.update(conversation);
    }
}
