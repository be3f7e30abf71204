/**
 * What the daemon asks of the client behind a session: files, credentials, secrets, sockets,
 * content.
 */
@NullMarked
package dev.kiln.wire.session;

import org.jspecify.annotations.NullMarked;
