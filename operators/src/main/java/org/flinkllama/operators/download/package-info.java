/// Files from elsewhere into a folder of this machine: resumed where a connection was cut, checked by SHA-256, put in
/// place in one step, once however many processes want them. What a model is, it is told by whoever asks; no Flink.
package org.flinkllama.operators.download;
