/**
 * Traces of builds: the context that a client hands over, spans made of a build's progress, spans
 * that clients send, and where all of them go.
 */
@NullMarked
package dev.kiln.daemon.trace;

import org.jspecify.annotations.NullMarked;
