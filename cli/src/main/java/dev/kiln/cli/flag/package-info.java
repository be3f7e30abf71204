/** The texts that people write behind flags, turned into values. */
@NullMarked
package dev.kiln.cli.flag;

import org.jspecify.annotations.NullMarked;
