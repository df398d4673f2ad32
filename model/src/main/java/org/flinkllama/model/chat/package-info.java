/// Messages to prompt tokens by known templates. A model file's Jinja template is only recognised, never executed.
/// Control
/// tokens come from the template alone: text of messages is tokenised as data.
package org.flinkllama.model.chat;
