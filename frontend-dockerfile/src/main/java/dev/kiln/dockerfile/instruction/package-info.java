/** Typed Dockerfile instructions, read from the syntax tree and validated one by one. */
@NullMarked
package dev.kiln.dockerfile.instruction;

import org.jspecify.annotations.NullMarked;
