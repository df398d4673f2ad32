/// The words around what is said in a conversation: versioned templates for a family of models, and how their
/// tokens are made for one model. What users and documents say stays data in them.
package org.flinkllama.operators.conversation.prompt;
