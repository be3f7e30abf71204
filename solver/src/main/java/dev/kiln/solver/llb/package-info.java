/**
 * LLB, the build graph's wire form: loading a definition, canonical bytes, and the cache keys of
 * operations (llb.md, cache-keys.md).
 */
@NullMarked
package dev.kiln.solver.llb;

import org.jspecify.annotations.NullMarked;
