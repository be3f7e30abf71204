/**
 * The operations of a build's file steps (copy, make, link, remove) on plain directories. Every
 * path is taken within a root: symlinks inside it lead where they would if the root were "/".
 */
@NullMarked
package dev.kiln.snapshotter.fileop;

import org.jspecify.annotations.NullMarked;
