/** What the daemon knows across restarts: one database that all parts share. */
@NullMarked
package dev.kiln.daemon.state;

import org.jspecify.annotations.NullMarked;
