/// Avro records on the topics and in state, version 1. Generated from `src/main/avro`; a change must stay fully
/// compatible, a break gets a new package.
package org.flinkllama.schemas.v1;
