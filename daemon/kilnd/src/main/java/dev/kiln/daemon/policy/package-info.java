/** Which sources builds may use, and what they use instead: rules, and clients that decide. */
@NullMarked
package dev.kiln.daemon.policy;

import org.jspecify.annotations.NullMarked;
