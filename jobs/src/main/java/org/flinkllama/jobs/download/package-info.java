/// Model files from the network into a folder of this user: resumed where a connection was cut, checked by SHA-256,
/// put in place in one step. Knows HTTP and files; what a model is, it is told by whoever asks for a download.
package org.flinkllama.jobs.download;
