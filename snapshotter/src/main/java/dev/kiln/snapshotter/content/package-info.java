/** Blobs on local disk, named by their digest. */
@NullMarked
package dev.kiln.snapshotter.content;

import org.jspecify.annotations.NullMarked;
