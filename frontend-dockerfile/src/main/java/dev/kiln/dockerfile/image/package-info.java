/**
 * The config of an image: its settings and its history, read from JSON, changed step by step, and
 * written again.
 */
@NullMarked
package dev.kiln.dockerfile.image;

import org.jspecify.annotations.NullMarked;
