/**
 * Content digests of trees: the part of a cache key that says what a step's input holds, whatever
 * made it. The digests equal BuildKit's bit for bit, so that a cache filled by one hits in the
 * other. A digest here is text, {@code sha256:} and 64 hex digits, because text is what enters the
 * digests above it.
 */
@NullMarked
package dev.kiln.snapshotter.checksum;

import org.jspecify.annotations.NullMarked;
