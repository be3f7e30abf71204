/** Records of builds: what was asked, what came of it, and all that was reported. */
@NullMarked
package dev.kiln.daemon.history;

import org.jspecify.annotations.NullMarked;
