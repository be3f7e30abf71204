/** What the daemon asks of clients through their sessions. */
@NullMarked
package dev.kiln.daemon.session;

import org.jspecify.annotations.NullMarked;
