/** Open calls as blocking code sees them: send a message, receive a message, end. */
@NullMarked
package dev.kiln.wire.stream;

import org.jspecify.annotations.NullMarked;
