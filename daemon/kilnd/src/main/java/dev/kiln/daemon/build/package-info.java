/** One build: its job, its results and the bridge that frontends use. */
@NullMarked
package dev.kiln.daemon.build;

import org.jspecify.annotations.NullMarked;
