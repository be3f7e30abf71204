/**
 * Trees of files over the protocol of fsutil: one side sends what its files are like, the other
 * asks for the contents that it lacks. Build contexts come to the daemon this way, and exports to
 * directories go to clients. Transport is any stream of packets.
 */
@NullMarked
package dev.kiln.wire.transfer;

import org.jspecify.annotations.NullMarked;
