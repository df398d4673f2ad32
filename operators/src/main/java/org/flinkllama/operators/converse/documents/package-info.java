/// Documents that turns name: kept by id for a time, and put beside the turn that asks for one before it is
/// answered. Turns of one conversation stay in order, those that wait for a document and those that don't.
package org.flinkllama.operators.converse.documents;
