/** Dockerfile text to syntax tree: directives, continuation lines, comments and here-documents. */
@NullMarked
package dev.kiln.dockerfile.parser;

import org.jspecify.annotations.NullMarked;
