/**
 * What builds used and how they were asked for, told as SLSA provenance (exporters-and-cache.md,
 * section 3.4).
 */
@NullMarked
package dev.kiln.daemon.provenance;

import org.jspecify.annotations.NullMarked;
