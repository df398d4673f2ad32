/// What is asked of a document and how one document's whole run goes: options, rules for documents, and the run from
/// requests to the finished enrichment. Pure functions of document, options and outcomes: no Flink, no threads, no
/// clock.
package org.flinkllama.operators.task;
