package dev.kiln.snapshotter.pattern;

import java.util.BitSet;
import java.util.List;

/**
 * A compiled glob with {@code **}. Matching reads the path once and keeps every way that is still
 * open, so that it takes at most (tokens × characters) steps, whatever the pattern. Immutable.
 */
final class Glob {
  /** One element of a glob. */
  sealed interface Token {}

  /** Exactly this code point. */
  record Literal(int rune) implements Token {}

  /** One code point of a class. */
  record OneOf(CharClass set) implements Token {}

  /** {@code ?}: one code point but the slash. */
  enum One implements Token {
    ONE
  }

  /** {@code *}: any run without a slash. */
  enum Run implements Token {
    RUN
  }

  /** {@code **}{@code /}: nothing, or any text that ends in a slash. */
  enum Directories implements Token {
    DIRECTORIES
  }

  /** A final {@code **}: everything that is left. */
  enum Rest implements Token {
    REST
  }

  /** The start of the path, nothing else. */
  enum Start implements Token {
    START
  }

  private final Token[] tokens;

  Glob(List<Token> tokens) {
    this.tokens = tokens.toArray(Token[]::new);
  }

  /** Whether the glob matches all of the path. */
  boolean matches(String path) {
    return new Pass().over(path, false);
  }

  /** Whether the glob matches all of the path, or the path of a directory above it. */
  boolean matchesPathOrParent(String path) {
    return new Pass().over(path, true);
  }

  /**
   * One pass over a path. A token is in the set when the characters read so far can have led to it;
   * the place behind the last token means a match.
   */
  private final class Pass {
    private final int end = tokens.length;
    private BitSet reached = new BitSet(end + 1);
    private BitSet next = new BitSet(end + 1);

    boolean over(String path, boolean parentsToo) {
      enter(0, true);
      swap();
      int length = path.length();
      for (int at = 0; at < length && !reached.isEmpty(); ) {
        int rune = path.codePointAt(at);
        if (parentsToo && rune == '/' && at > 0 && reached.get(end)) {
          return true;
        }
        at += Character.charCount(rune);
        for (int token = reached.nextSetBit(0); token >= 0 && token < end; ) {
          read(token, rune);
          token = reached.nextSetBit(token + 1);
        }
        swap();
      }
      return reached.get(end);
    }

    private void swap() {
      BitSet read = reached;
      reached = next;
      next = read;
      next.clear();
    }

    /** Takes in a token and those that may follow it without a character between. */
    private void enter(int token, boolean atStart) {
      for (int at = token; ; at++) {
        next.set(at);
        boolean mayBeEmpty =
            at < end
                && switch (tokens[at]) {
                  case Run _, Directories _, Rest _ -> true;
                  case Start _ -> atStart;
                  case Literal _, One _, OneOf _ -> false;
                };
        if (!mayBeEmpty) {
          return;
        }
      }
    }

    private void read(int token, int rune) {
      switch (tokens[token]) {
        case Literal(int wanted) when rune == wanted -> enter(token + 1, false);
        case One _ when rune != '/' -> enter(token + 1, false);
        case OneOf(CharClass set) when set.contains(rune) -> enter(token + 1, false);
        case Run _ when rune != '/' -> enter(token, false);
        case Rest _ when rune != '\n' -> enter(token, false);
        case Directories _ when rune == '/' -> enter(token, false);
        case Directories _ when rune != '\n' -> next.set(token);
        default -> {}
      }
    }
  }
}
