/** One process in one container, through runc. */
@NullMarked
package dev.kiln.executor;

import org.jspecify.annotations.NullMarked;
