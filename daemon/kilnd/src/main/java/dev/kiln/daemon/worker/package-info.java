/** What this daemon can run and where it keeps things. */
@NullMarked
package dev.kiln.daemon.worker;

import org.jspecify.annotations.NullMarked;
