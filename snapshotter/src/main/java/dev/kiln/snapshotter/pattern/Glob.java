package dev.kiln.snapshotter.pattern;

import java.util.BitSet;
import java.util.List;

/**
 * A compiled glob with {@code **}. Matching backtracks, and remembers the states that failed, so
 * that it takes at most (tokens × characters) steps.
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

  boolean matches(String path) {
    return new Attempt(path).from(0, 0);
  }

  private final class Attempt {
    private final String path;
    private final BitSet failed = new BitSet();

    Attempt(String path) {
      this.path = path;
    }

    boolean from(int token, int at) {
      while (token < tokens.length) {
        switch (tokens[token]) {
          case Literal(int rune) -> {
            if (at == path.length() || path.codePointAt(at) != rune) {
              return false;
            }
            at += Character.charCount(rune);
          }
          case One _ -> {
            if (at == path.length() || path.charAt(at) == '/') {
              return false;
            }
            at += Character.charCount(path.codePointAt(at));
          }
          case OneOf(CharClass set) -> {
            if (at == path.length() || !set.contains(path.codePointAt(at))) {
              return false;
            }
            at += Character.charCount(path.codePointAt(at));
          }
          case Start _ -> {
            if (at != 0) {
              return false;
            }
          }
          case Run _ -> {
            return afterRun(token, at);
          }
          case Directories _ -> {
            return afterDirectories(token, at);
          }
          case Rest _ -> {
            return path.indexOf('\n', at) < 0;
          }
        }
        token++;
      }
      return at == path.length();
    }

    private boolean afterRun(int token, int from) {
      if (alreadyFailed(token, from)) {
        return false;
      }
      for (int at = from; ; at++) {
        if (from(token + 1, at)) {
          return true;
        }
        if (at == path.length() || path.charAt(at) == '/') {
          return false;
        }
      }
    }

    private boolean afterDirectories(int token, int from) {
      if (alreadyFailed(token, from)) {
        return false;
      }
      if (from(token + 1, from)) {
        return true;
      }
      for (int at = from; at < path.length() && path.charAt(at) != '\n'; at++) {
        if (path.charAt(at) == '/' && from(token + 1, at + 1)) {
          return true;
        }
      }
      return false;
    }

    /** True when this state was tried before; a second visit means that the first one failed. */
    private boolean alreadyFailed(int token, int at) {
      int state = token * (path.length() + 1) + at;
      boolean seen = failed.get(state);
      failed.set(state);
      return seen;
    }
  }
}
