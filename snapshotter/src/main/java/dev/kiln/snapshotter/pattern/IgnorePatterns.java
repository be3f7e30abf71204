package dev.kiln.snapshotter.pattern;

import java.util.ArrayList;
import java.util.List;

/**
 * An ordered list of ignore patterns, with the meaning they have in {@code .dockerignore}: {@code
 * *}, {@code ?}, {@code [...]} as in {@link GoPathMatch}, {@code **} for any number of directories,
 * a leading {@code !} for an exception. The last pattern that matches wins, and what matches a
 * directory matches everything below it. The rules are those of Moby's pattern matcher, down to its
 * corners, because cache keys depend on them.
 *
 * <p>Immutable and safe for use by many threads.
 */
public final class IgnorePatterns {
  /** The list that matches nothing. */
  public static final IgnorePatterns NONE = new IgnorePatterns(List.of());

  private final List<IgnorePattern> patterns;
  private final boolean hasExceptions;

  private IgnorePatterns(List<IgnorePattern> patterns) {
    this.patterns = patterns;
    this.hasExceptions = patterns.stream().anyMatch(IgnorePattern::exception);
  }

  /**
   * Compiles patterns; blank ones are left out.
   *
   * @throws BadPatternException for a lone {@code !} or a malformed glob
   */
  public static IgnorePatterns of(List<String> texts) {
    List<IgnorePattern> patterns = new ArrayList<>(texts.size());
    for (String text : texts) {
      String trimmed = IgnoreFile.trim(text);
      if (!trimmed.isEmpty()) {
        patterns.add(IgnorePattern.parse(SlashPath.clean(trimmed)));
      }
    }
    return patterns.isEmpty() ? NONE : new IgnorePatterns(List.copyOf(patterns));
  }

  /** The patterns in order. */
  public List<IgnorePattern> patterns() {
    return patterns;
  }

  public boolean isEmpty() {
    return patterns.isEmpty();
  }

  /** Whether some pattern begins with {@code !}. */
  public boolean hasExceptions() {
    return hasExceptions;
  }

  /** Whether the path, or for a pattern one of its parent directories, is matched. */
  public boolean matches(String path) {
    return match(path, Match.NONE).matched();
  }

  /**
   * Matches one path of a walk.
   *
   * @param path relative, clean, slash-separated
   * @param parent the result for the parent directory, or {@link Match#NONE} when it was not asked;
   *     then the parents' paths are tried here
   */
  public Match match(String path, Match parent) {
    boolean[] above = parent.byPattern;
    if (above.length != 0 && above.length != patterns.size()) {
      throw new IllegalArgumentException(
          "the parent's match has "
              + above.length
              + " results for "
              + patterns.size()
              + " patterns");
    }
    boolean[] hits = new boolean[patterns.size()];
    boolean matched = false;
    for (int i = 0; i < hits.length; i++) {
      IgnorePattern pattern = patterns.get(i);
      boolean hit = above.length != 0 && above[i];
      if (!hit) {
        // A pattern that cannot change the answer is not evaluated, and children do not see it.
        if (pattern.exception() != matched) {
          continue;
        }
        hit = above.length == 0 ? pattern.matchesPathOrParent(path) : pattern.matches(path);
      }
      hits[i] = hit;
      if (hit) {
        matched = !pattern.exception();
      }
    }
    return new Match(matched, hits);
  }

  /** What a path's match was, pattern by pattern, for its children to go on from. */
  public static final class Match {
    /** No result: the path's parents are not known. */
    public static final Match NONE = new Match(false, new boolean[0]);

    private final boolean matched;
    private final boolean[] byPattern;

    private Match(boolean matched, boolean[] byPattern) {
      this.matched = matched;
      this.byPattern = byPattern;
    }

    /** Whether the list as a whole matches. */
    public boolean matched() {
      return matched;
    }
  }
}
