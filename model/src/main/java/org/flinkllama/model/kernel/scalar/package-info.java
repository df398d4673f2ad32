/// The specification of the arithmetic, in plain loops. Slow and simple; every fast kernel must give these bits.
package org.flinkllama.model.kernel.scalar;
