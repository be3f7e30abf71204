/** The Control service: solve, status, sessions, workers, disk usage, history. */
@NullMarked
package dev.kiln.daemon.control;

import org.jspecify.annotations.NullMarked;
