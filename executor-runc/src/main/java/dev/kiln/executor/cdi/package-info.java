/**
 * Devices by the Container Device Interface: the files in which vendors describe them, and what a
 * container needs to use one (CDI specification, SPEC.md, versions 0.1.0 to 1.1.0).
 */
@NullMarked
package dev.kiln.executor.cdi;

import org.jspecify.annotations.NullMarked;
