/** What a build is doing, shown as lines, in a terminal, as JSON or not at all. */
@NullMarked
package dev.kiln.cli.progress;

import org.jspecify.annotations.NullMarked;
