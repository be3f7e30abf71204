/** Places outside the daemon where build caches are kept: registries and folders of clients. */
@NullMarked
package dev.kiln.daemon.cache;

import org.jspecify.annotations.NullMarked;
