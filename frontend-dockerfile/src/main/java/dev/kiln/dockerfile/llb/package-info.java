/**
 * A small library to write LLB: immutable states that stand for file systems, sources and
 * operations that make new states, and the marshaller that turns a state into a definition. What it
 * writes is byte for byte what BuildKit's own client would write for the same graph, so that caches
 * are shared.
 */
@NullMarked
package dev.kiln.dockerfile.llb;

import org.jspecify.annotations.NullMarked;
