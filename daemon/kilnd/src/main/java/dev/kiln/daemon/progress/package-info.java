/**
 * What a build reports while it runs: vertices, statuses, logs and warnings, kept for every
 * subscriber of the build.
 */
@NullMarked
package dev.kiln.daemon.progress;

import org.jspecify.annotations.NullMarked;
