/** Images in registries, read and written on behalf of builds. */
@NullMarked
package dev.kiln.daemon.image;

import org.jspecify.annotations.NullMarked;
