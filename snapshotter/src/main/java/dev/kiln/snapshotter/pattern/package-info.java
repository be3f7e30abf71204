/**
 * Path patterns as build clients write them: Go's path match, ignore lists ({@code .dockerignore})
 * and the lexical path rules that both rest on. Pure text; nothing here touches a file system.
 */
@NullMarked
package dev.kiln.snapshotter.pattern;

import org.jspecify.annotations.NullMarked;
