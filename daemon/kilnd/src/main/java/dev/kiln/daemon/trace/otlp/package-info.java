/**
 * Sends spans to a collector by the OpenTelemetry protocol (OTLP), as the standard environment
 * variables say.
 */
@NullMarked
package dev.kiln.daemon.trace.otlp;

import org.jspecify.annotations.NullMarked;
