/**
 * Which platforms' programs run on this machine, natively or emulated, and how to make more run.
 */
@NullMarked
package dev.kiln.executor.platform;

import org.jspecify.annotations.NullMarked;
