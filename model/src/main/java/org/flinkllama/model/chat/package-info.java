/// Messages to prompt tokens by known templates. A model file's Jinja template is only recognised, never executed.
/// Control tokens come from the template alone: text of messages is tokenised as data. Knows nothing of documents,
/// tasks or how tokens are generated.
package org.flinkllama.model.chat;
