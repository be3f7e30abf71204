/**
 * Cache records on their way out and in: what a build's keys lead to as a configuration that other
 * daemons read, and such a configuration as a cache to look into (cache-keys.md, section 7). Blobs
 * are the caller's.
 */
@NullMarked
package dev.kiln.solver.export;

import org.jspecify.annotations.NullMarked;
