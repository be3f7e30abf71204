/** Variable expansion and word splitting as a POSIX shell does them, for Dockerfile arguments. */
@NullMarked
package dev.kiln.dockerfile.shell;

import org.jspecify.annotations.NullMarked;
