/**
 * Builds a folder of Dockerfiles on two daemons through a real client and compares what comes out,
 * entry by entry: files, configuration, history, layers, names of steps, warnings, errors.
 */
@NullMarked
package dev.kiln.compare;

import org.jspecify.annotations.NullMarked;
