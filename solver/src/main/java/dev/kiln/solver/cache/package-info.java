/**
 * Looks keys up in the local cache and in imported ones, saves results under their keys, and loads
 * them (cache-keys.md, section 1).
 */
@NullMarked
package dev.kiln.solver.cache;

import org.jspecify.annotations.NullMarked;
