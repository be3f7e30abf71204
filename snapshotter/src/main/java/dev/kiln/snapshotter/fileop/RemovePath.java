package dev.kiln.snapshotter.fileop;

/**
 * Removes a file, or a directory with all that it holds. A symlink at the end of the path is
 * removed itself.
 *
 * @param path taken within the root
 * @param allowNotFound whether nothing there is fine
 * @param allowWildcard whether the path is a pattern; that no file matches is fine then
 */
public record RemovePath(String path, boolean allowNotFound, boolean allowWildcard) {}
