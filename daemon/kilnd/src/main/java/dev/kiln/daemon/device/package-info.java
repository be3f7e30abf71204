/**
 * Devices in steps: which ones a name stands for, and which a build may use (daemon.md, section 5).
 */
@NullMarked
package dev.kiln.daemon.device;

import org.jspecify.annotations.NullMarked;
