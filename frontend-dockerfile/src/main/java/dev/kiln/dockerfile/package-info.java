/** Dockerfile text to LLB. */
@NullMarked
package dev.kiln.dockerfile;

import org.jspecify.annotations.NullMarked;
