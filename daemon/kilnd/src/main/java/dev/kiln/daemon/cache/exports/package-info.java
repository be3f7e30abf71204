/** Brings out what a build's cache keys lead to, for other daemons to use. */
@NullMarked
package dev.kiln.daemon.cache.exports;

import org.jspecify.annotations.NullMarked;
