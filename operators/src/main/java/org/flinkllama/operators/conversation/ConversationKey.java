package org.flinkllama.operators.conversation;

import org.flinkllama.schemas.v1.Turn;

/// Tells a conversation from all others, whoever owns them: keys of two tenants are never equal. State is kept by
/// it, and computed beginnings are shared under it, so that nothing of one conversation is reachable from another.
public final class ConversationKey {
    private ConversationKey() {}

    public static String of(Turn turn) {
        return of(turn.getTenant(), turn.getConversationId());
    }

    /// The key of something of a tenant's, such as a conversation or a document; `tenant` is null where it has
    /// none.
    public static String of(String tenant, String id) {
        // The length says where the tenant ends, whatever signs it has; no tenant begins with a colon.
        return tenant == null ? ":" + id : tenant.length() + ":" + tenant + id;
    }
}
