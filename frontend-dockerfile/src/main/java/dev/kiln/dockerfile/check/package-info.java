/** Lint rules that look at instructions as they are written, without building anything. */
@NullMarked
package dev.kiln.dockerfile.check;

import org.jspecify.annotations.NullMarked;
