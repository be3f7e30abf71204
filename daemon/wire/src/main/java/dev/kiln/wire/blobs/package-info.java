/** The content service: blobs of a store offered to the other side, by a daemon or by a client. */
@NullMarked
package dev.kiln.wire.blobs;

import org.jspecify.annotations.NullMarked;
