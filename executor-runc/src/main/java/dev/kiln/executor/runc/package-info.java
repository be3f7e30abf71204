/** The executor that runs containers through runc or a runtime with its command line. */
@NullMarked
package dev.kiln.executor.runc;

import org.jspecify.annotations.NullMarked;
