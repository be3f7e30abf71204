/** Layers, snapshots and content on local disk. */
@NullMarked
package dev.kiln.snapshotter;

import org.jspecify.annotations.NullMarked;
