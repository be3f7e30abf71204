/**
 * Cache refs: reference-counted handles of snapshots and layers that are lazy, persistent, and
 * collected when unused.
 */
@NullMarked
package dev.kiln.snapshotter.ref;

import org.jspecify.annotations.NullMarked;
