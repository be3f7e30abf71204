package dev.kiln.wire.transfer;

import dev.kiln.snapshotter.pattern.BadPatternException;
import dev.kiln.snapshotter.pattern.IgnorePattern;
import dev.kiln.snapshotter.pattern.IgnorePatterns;
import dev.kiln.snapshotter.pattern.IgnorePatterns.Match;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Which entries of a walk are sent, and which directories need not be looked into. Immutable. */
final class TreeFilter {
  private final IgnorePatterns includes;
  private final IgnorePatterns excludes;

  /** Whether the text of the patterns tells which directories can hold something wanted. */
  private final boolean plainIncludes;

  private final boolean plainExceptions;

  /** What the patterns said of an entry. */
  record Place(boolean included, Match include, Match exclude) {
    static final Place ROOT = new Place(true, Match.NONE, Match.NONE);
  }

  private TreeFilter(IgnorePatterns includes, IgnorePatterns excludes) {
    this.includes = includes;
    this.excludes = excludes;
    this.plainIncludes =
        includes.patterns().stream().allMatch(p -> p.exception() || p.hasPlainPrefix());
    this.plainExceptions =
        excludes.patterns().stream().allMatch(p -> !p.exception() || p.hasPlainPrefix());
  }

  static TreeFilter of(String root, List<String> include, List<String> exclude, List<String> follow)
      throws IOException {
    List<String> includes = new ArrayList<>(include);
    List<String> followed = follow.isEmpty() ? List.of() : FollowLinks.resolve(root, follow);
    if (!followed.isEmpty()) {
      includes.addAll(followed);
      includes = FollowLinks.withoutNested(includes);
    }
    return new TreeFilter(
        compile("includepatterns", includes), compile("excludepatterns", exclude));
  }

  private static IgnorePatterns compile(String kind, List<String> texts) throws IOException {
    try {
      return IgnorePatterns.of(texts);
    } catch (BadPatternException e) {
      throw new IOException(
          "invalid " + kind + ": [" + String.join(" ", texts) + "]: " + e.getMessage(), e);
    }
  }

  /** Decides on an entry of a directory. */
  Place enter(String path, Place parent) throws IOException {
    try {
      Match include = includes.isEmpty() ? Match.NONE : includes.match(path, parent.include());
      Match exclude = excludes.isEmpty() ? Match.NONE : excludes.match(path, parent.exclude());
      boolean included = (includes.isEmpty() || include.matched()) && !exclude.matched();
      return new Place(included, include, exclude);
    } catch (BadPatternException e) {
      throw new IOException("failed to match patterns: " + e.getMessage(), e);
    }
  }

  /** Whether a directory that is not included itself can hold something that is. */
  boolean mayHold(String path, Place place) {
    if (!includes.isEmpty()
        && !place.include().matched()
        && plainIncludes
        && !leadsTo(path, includes, false)) {
      return false;
    }
    if (place.exclude().matched() && plainExceptions) {
      return excludes.hasExceptions() && leadsTo(path, excludes, true);
    }
    return true;
  }

  private static boolean leadsTo(String directory, IgnorePatterns patterns, boolean exceptions) {
    String prefix = directory + "/";
    for (IgnorePattern pattern : patterns.patterns()) {
      if (pattern.exception() == exceptions && (pattern.prefix() + "/").startsWith(prefix)) {
        return true;
      }
    }
    return false;
  }
}
