/// How each task is done with a model, as rounds of requests and outcomes: label scoring, summaries and answers out of
/// the document or written by the model, the user's own prompts. Pure functions; nothing here knows of Flink, options
/// of a job, threads or clocks.
package org.flinkllama.operators.task.method;
