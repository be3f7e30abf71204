/** The sockets that the daemon listens on and clients dial: addresses, TLS, and gRPC over both. */
@NullMarked
package dev.kiln.wire.socket;

import org.jspecify.annotations.NullMarked;
