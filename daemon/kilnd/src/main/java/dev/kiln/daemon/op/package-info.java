/** Operations of LLB bound to snapshots, containers and sources. */
@NullMarked
package dev.kiln.daemon.op;

import org.jspecify.annotations.NullMarked;
