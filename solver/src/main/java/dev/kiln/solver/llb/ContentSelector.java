package dev.kiln.solver.llb;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * A part of a tree whose content counts (cache-keys.md, section 6.4).
 *
 * @param path as the op gives it; clean it before use
 * @param wildcard whether the path is a pattern
 * @param followLinks whether a link at the end of the path is followed
 * @param include patterns that let entries in; empty for all
 * @param exclude patterns that keep entries out
 * @param required paths that must be among those found
 */
public record ContentSelector(
    String path,
    boolean wildcard,
    boolean followLinks,
    List<String> include,
    List<String> exclude,
    List<String> required) {
  /** Copies the lists. */
  public ContentSelector {
    include = List.copyOf(include);
    exclude = List.copyOf(exclude);
    required = List.copyOf(required);
  }

  /** A plain path. */
  public static ContentSelector of(String path, boolean followLinks) {
    return new ContentSelector(path, false, followLinks, List.of(), List.of(), List.of());
  }

  boolean hasPatterns() {
    return wildcard || !include.isEmpty() || !exclude.isEmpty();
  }

  /** Sorted paths without doubles and without those below another; a single one is left alone. */
  static List<String> reduce(List<String> paths) {
    if (paths.size() <= 1) {
      return paths;
    }
    TreeSet<String> all = new TreeSet<>(Utf8Order.BYTES);
    all.addAll(paths);
    List<String> kept = new ArrayList<>();
    for (String path : all) {
      if (all.stream().noneMatch(p -> !p.equals(path) && path.startsWith(asFolder(p)))) {
        kept.add(path);
      }
    }
    return kept;
  }

  private static String asFolder(String path) {
    return path.endsWith("/") ? path : path + "/";
  }
}
