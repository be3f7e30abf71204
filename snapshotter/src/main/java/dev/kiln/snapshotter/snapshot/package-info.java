/**
 * Snapshots (directory trees that stand on other trees), the mounts that show them, and the store
 * of small records that describe them.
 */
@NullMarked
package dev.kiln.snapshotter.snapshot;

import org.jspecify.annotations.NullMarked;
