package dev.kiln.dockerfile.shell;

import java.util.Arrays;
import java.util.BitSet;

/**
 * A wildcard pattern: {@code ?} is one character, {@code *} any number of them, and neither matches
 * a line end. A backslash makes the next character literal. Brackets have no meaning.
 *
 * <p>Matching follows all possibilities at once, so that its time is the text's length times the
 * pattern's.
 */
final class ShellPattern {

  private static final int ANY_ONE = -1;
  private static final int ANY_NUMBER = -2;
  private static final int NO_MATCH = -1;

  private final int[] tokens;

  private ShellPattern(int[] tokens) {
    this.tokens = tokens;
  }

  static ShellPattern parse(String text) {
    int[] source = text.codePoints().toArray();
    int[] tokens = new int[source.length];
    int count = 0;
    for (int i = 0; i < source.length; i++) {
      tokens[count++] =
          switch (source[i]) {
            case '*' -> ANY_NUMBER;
            case '?' -> ANY_ONE;
            case '\\' -> escaped(text, i + 1 < source.length ? source[++i] : Cursor.END);
            default -> source[i];
          };
    }
    return new ShellPattern(Arrays.copyOf(tokens, count));
  }

  private static int escaped(String pattern, int c) {
    if (c == Cursor.END || "*?\\/}".indexOf(c) < 0) {
      String shown = c == Cursor.END ? "" : Character.toString(c);
      throw new ExpansionException(
          "invalid pattern (" + pattern + ") in substitution: invalid escape '\\" + shown + "'");
    }
    return c;
  }

  String withoutPrefix(String value, boolean longest) {
    int[] text = value.codePoints().toArray();
    int end = matchEnd(text, 0, longest);
    return end == NO_MATCH ? value : new String(text, end, text.length - end);
  }

  String withoutSuffix(String value, boolean longest) {
    int[] text = value.codePoints().toArray();
    int end = new ShellPattern(reversed(tokens)).matchEnd(reversed(text), 0, longest);
    return end == NO_MATCH ? value : new String(text, 0, text.length - end);
  }

  /** Replaces the leftmost match, taken as long as possible, or all of them. */
  String replace(String value, String replacement, boolean all) {
    int[] text = value.codePoints().toArray();
    StringBuilder out = new StringBuilder();
    int copied = 0;
    int lastEnd = NO_MATCH;
    for (int start = 0; start <= text.length; start++) {
      int end = matchEnd(text, start, true);
      boolean emptyBehindMatch = end == start && end == lastEnd;
      if (end == NO_MATCH || emptyBehindMatch) {
        continue;
      }
      out.append(new String(text, copied, start - copied)).append(replacement);
      copied = end;
      lastEnd = end;
      if (!all) {
        break;
      }
      start = Math.max(start, end - 1);
    }
    return out.append(new String(text, copied, text.length - copied)).toString();
  }

  /** Where a match that starts at {@code start} ends, or {@link #NO_MATCH}. */
  private int matchEnd(int[] text, int start, boolean longest) {
    BitSet states = new BitSet(tokens.length + 1);
    enter(states, 0);
    int found = NO_MATCH;
    for (int i = start; ; i++) {
      if (states.get(tokens.length)) {
        found = i;
        if (!longest) {
          return found;
        }
      }
      if (i == text.length || states.isEmpty()) {
        return found;
      }
      states = step(states, text[i]);
    }
  }

  private BitSet step(BitSet states, int c) {
    BitSet next = new BitSet(tokens.length + 1);
    for (int s = states.nextSetBit(0); s >= 0 && s < tokens.length; s = states.nextSetBit(s + 1)) {
      int token = tokens[s];
      if (token == ANY_NUMBER && c != '\n') {
        enter(next, s);
      } else if (token == c || (token == ANY_ONE && c != '\n')) {
        enter(next, s + 1);
      }
    }
    return next;
  }

  /** A state that may be skipped brings the next one with it. */
  private void enter(BitSet states, int state) {
    int s = state;
    states.set(s);
    while (s < tokens.length && tokens[s] == ANY_NUMBER) {
      states.set(++s);
    }
  }

  private static int[] reversed(int[] values) {
    int[] out = new int[values.length];
    for (int i = 0; i < values.length; i++) {
      out[values.length - 1 - i] = values[i];
    }
    return out;
  }
}
