/** The commands and their flags. */
@NullMarked
package dev.kiln.cli.command;

import org.jspecify.annotations.NullMarked;
