package dev.kiln.snapshotter.checksum;

import dev.kiln.snapshotter.pattern.SlashPath;
import java.util.List;

/**
 * Which part of a tree counts.
 *
 * @param path clean and absolute; with {@code wildcard} a pattern of Go's path match
 * @param wildcard whether {@code path} is a pattern
 * @param followLinks whether a symlink at the path stands for its target
 * @param includePatterns ignore patterns relative to the path (or to each match) of what counts;
 *     empty for all
 * @param excludePatterns ignore patterns of what does not count
 * @param requiredPaths absolute paths that must be a prefix of something that counts
 */
public record ContentSelector(
    String path,
    boolean wildcard,
    boolean followLinks,
    List<String> includePatterns,
    List<String> excludePatterns,
    List<String> requiredPaths) {
  /** The whole tree. */
  public static final ContentSelector ALL = of("/");

  /** Makes the path clean and absolute. */
  public ContentSelector {
    path = SlashPath.absolute(path);
    includePatterns = List.copyOf(includePatterns);
    excludePatterns = List.copyOf(excludePatterns);
    requiredPaths = List.copyOf(requiredPaths);
  }

  /** One path and everything below it, a last symlink not followed. */
  public static ContentSelector of(String path) {
    return new ContentSelector(path, false, false, List.of(), List.of(), List.of());
  }

  /** Whether the digest is that of a list of entries, not of one record. */
  boolean isList() {
    return wildcard || !includePatterns.isEmpty() || !excludePatterns.isEmpty();
  }
}
