/// Avro records on the topics and in state, version 1. Generated from `src/main/avro`; a change must stay fully
/// compatible with every released version, a break gets a new package. A release that changed them copies the files
/// to the next number under `src/test/resources/compatibility/v1`, where they are never changed again.
package org.flinkllama.schemas.v1;
