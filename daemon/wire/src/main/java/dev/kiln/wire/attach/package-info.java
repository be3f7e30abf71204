/**
 * What a client offers to the daemon inside its session: the other side of the session services.
 */
@NullMarked
package dev.kiln.wire.attach;

import org.jspecify.annotations.NullMarked;
