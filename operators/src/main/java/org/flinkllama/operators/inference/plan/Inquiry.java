package org.flinkllama.operators.inference.plan;

import org.flinkllama.model.generation.Request;

/// Something asked of the model in the course of a work.
///
/// @param id    names the inquiry within its work; the same whenever the same record is worked on again, in whatever
///              order outcomes come in, such as task, round and index
/// @param scope inquiries of one scope share what was computed of equal beginnings, inquiries of two never do
public record Inquiry(String id, String scope, Request request) {}
