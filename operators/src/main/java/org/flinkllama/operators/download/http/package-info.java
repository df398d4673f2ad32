/// A file on the web: redirects followed with care, secrets shown to one server only, lost connections noticed.
/// Knows nothing of where the bytes go.
package org.flinkllama.operators.download.http;
