/**
 * Containers that frontends open for themselves, on trees they built or on those of a failed step.
 */
@NullMarked
package dev.kiln.daemon.container;

import org.jspecify.annotations.NullMarked;
