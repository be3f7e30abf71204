/**
 * Linux calls that the JDK does not offer (mounts, extended attributes, device nodes, confined
 * opens), made through java.lang.foreign. File names are byte strings; see {@link
 * dev.kiln.snapshotter.linux.ByteNames}.
 */
@NullMarked
package dev.kiln.snapshotter.linux;

import org.jspecify.annotations.NullMarked;
