/** Where inputs come from: images, client directories, git, http and OCI layouts. */
@NullMarked
package dev.kiln.daemon.source;

import org.jspecify.annotations.NullMarked;
