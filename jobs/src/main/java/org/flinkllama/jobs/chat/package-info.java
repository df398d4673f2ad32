/// A conversation at a terminal: lines typed become turns, replies are printed as they come. The partner is a model
/// in this process or a conversation job behind a pair of topics; both hold the conversation by the same rules.
package org.flinkllama.jobs.chat;
