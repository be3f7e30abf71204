/**
 * Layers: the tar stream of what a snapshot changed, its compression, and its application to a
 * directory.
 */
@NullMarked
package dev.kiln.snapshotter.layer;

import org.jspecify.annotations.NullMarked;
