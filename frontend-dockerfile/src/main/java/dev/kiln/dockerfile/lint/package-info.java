/** Lint rules of the Dockerfile language, their configuration and their reporting. */
@NullMarked
package dev.kiln.dockerfile.lint;

import org.jspecify.annotations.NullMarked;
