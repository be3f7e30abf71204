/** Ways out of a build: images, OCI layouts, files and tars. */
@NullMarked
package dev.kiln.daemon.export;

import org.jspecify.annotations.NullMarked;
