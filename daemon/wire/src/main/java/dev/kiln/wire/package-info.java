/** The protocol's messages, the session tunnel and file transfer. */
@NullMarked
package dev.kiln.wire;

import org.jspecify.annotations.NullMarked;
