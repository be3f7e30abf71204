/** What an executor reads, makes and cleans up in a container's root file system. */
@NullMarked
package dev.kiln.executor.rootfs;

import org.jspecify.annotations.NullMarked;
