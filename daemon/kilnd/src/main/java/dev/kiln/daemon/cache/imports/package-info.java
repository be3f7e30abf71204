/** Reads caches that were brought out by other builds and looks into them. */
@NullMarked
package dev.kiln.daemon.cache.imports;

import org.jspecify.annotations.NullMarked;
