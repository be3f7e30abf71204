/** What the daemon says that it can do, and the services that say what it serves. */
@NullMarked
package dev.kiln.wire.caps;

import org.jspecify.annotations.NullMarked;
