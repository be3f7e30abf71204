package dev.kiln.snapshotter.pattern;

import java.util.Arrays;

/** A character class of a glob. Immutable. */
final class CharClass {
  private final boolean negated;

  /** Pairs of lowest and highest code point. */
  private final int[] bounds;

  private final int end;

  private CharClass(boolean negated, int[] bounds, int end) {
    this.negated = negated;
    this.bounds = bounds;
    this.end = end;
  }

  /** The index in the pattern after the closing bracket. */
  int end() {
    return end;
  }

  boolean contains(int rune) {
    for (int i = 0; i < bounds.length; i += 2) {
      if (bounds[i] <= rune && rune <= bounds[i + 1]) {
        return !negated;
      }
    }
    return negated;
  }

  /** Reads a class; {@code from} is the index after the opening bracket. */
  static CharClass parse(String pattern, int from, int limit) {
    Reader reader = new Reader(pattern, from, limit);
    boolean negated = reader.skip('^');
    int[] bounds = new int[8];
    int count = 0;
    while (count == 0 || !reader.skip(']')) {
      if (count == bounds.length) {
        bounds = Arrays.copyOf(bounds, count * 2);
      }
      int low = reader.character();
      int high = reader.skip('-') ? reader.character() : low;
      bounds[count++] = low;
      bounds[count++] = high;
    }
    return new CharClass(negated, Arrays.copyOf(bounds, count), reader.at);
  }

  private static final class Reader {
    private final String pattern;
    private final int limit;
    private int at;

    Reader(String pattern, int from, int limit) {
      this.pattern = pattern;
      this.at = from;
      this.limit = limit;
    }

    boolean skip(char c) {
      boolean there = at < limit && pattern.charAt(at) == c;
      at += there ? 1 : 0;
      return there;
    }

    /** One character, perhaps escaped; something must follow it, the bracket at least. */
    int character() {
      if (at >= limit || pattern.charAt(at) == '-' || pattern.charAt(at) == ']') {
        throw new BadPatternException(BadPatternException.MALFORMED);
      }
      skip('\\');
      if (at >= limit) {
        throw new BadPatternException(BadPatternException.MALFORMED);
      }
      int rune = pattern.codePointAt(at);
      at += Character.charCount(rune);
      if (at >= limit || Character.getType(rune) == Character.SURROGATE) {
        throw new BadPatternException(BadPatternException.MALFORMED);
      }
      return rune;
    }
  }
}
