/// One turn of a conversation: what the model is asked for it, what is forgotten where the context is full, the
/// replies, and what is remembered for the next turn. Pure functions of the transcript and the turn; no Flink.
package org.flinkllama.operators.conversation;
