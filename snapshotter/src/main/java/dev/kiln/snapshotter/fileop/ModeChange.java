package dev.kiln.snapshotter.fileop;

import java.util.ArrayList;
import java.util.List;

/**
 * A change of permission bits in the form of chmod(1), such as {@code u=rwX,go-w} or {@code 0755},
 * with the rules of BSD's setmode(3) and an empty umask. Immutable.
 */
final class ModeChange {
  private static final int ALL = 0777;
  private static final int EXECUTE = 0111;
  private static final int STICKY = 01000;
  private static final int SET_IDS = 06000;
  private static final int EVERYTHING = 07777;

  /** All that {@code a} means: the sticky bit is not part of it. */
  private static final int STANDARD = SET_IDS | ALL;

  /** One step; steps are applied in order. */
  private sealed interface Step {
    int apply(int original, int now, boolean directory);
  }

  private record Clear(int bits) implements Step {
    @Override
    public int apply(int original, int now, boolean directory) {
      return now & ~bits;
    }
  }

  private record Set(int bits) implements Step {
    @Override
    public int apply(int original, int now, boolean directory) {
      return now | bits;
    }
  }

  /** {@code X}: only for directories and what somebody may execute already. */
  private record SetWhereExecutable(int bits) implements Step {
    @Override
    public int apply(int original, int now, boolean directory) {
      return directory || (original & EXECUTE) != 0 ? now | bits : now;
    }
  }

  /** Takes over the bits of one class (its shift) for the classes in {@code to}. */
  private record CopyClass(int fromShift, int to, char op) implements Step {
    @Override
    public int apply(int original, int now, boolean directory) {
      int bits = (now >> fromShift) & 07;
      int spread = (bits | bits << 3 | bits << 6) & to;
      return switch (op) {
        case '+' -> now | spread;
        case '-' -> now & ~spread;
        default -> (now & ~(to & ALL)) | spread;
      };
    }
  }

  private final List<Step> steps;

  private ModeChange(List<Step> steps) {
    this.steps = List.copyOf(steps);
  }

  /**
   * Parses a change.
   *
   * @throws IllegalArgumentException with the text {@code invalid syntax}
   */
  static ModeChange parse(String text) {
    if (!text.isEmpty() && Character.digit(text.charAt(0), 10) >= 0) {
      return new ModeChange(List.of(new Clear(EVERYTHING), new Set(octal(text))));
    }
    return new Parser(text).parse();
  }

  private static int octal(String text) {
    try {
      int bits = Integer.parseInt(text, 8);
      if ((bits & ~EVERYTHING) == 0) {
        return bits;
      }
    } catch (NumberFormatException e) {
      throw invalid(e);
    }
    throw invalid(null);
  }

  private static IllegalArgumentException invalid(
      @org.jspecify.annotations.Nullable Throwable cause) {
    return new IllegalArgumentException("invalid syntax", cause);
  }

  /** The new permission bits (07777) for old ones. */
  int apply(int permissions, boolean directory) {
    int now = permissions;
    for (Step step : steps) {
      now = step.apply(permissions, now, directory);
    }
    return now;
  }

  private static final class Parser {
    private final String text;
    private final List<Step> steps = new ArrayList<>();
    private int at;

    /** The bits that the clause in hand may touch; 0 when it names no class. */
    private int who;

    private int bits;
    private int conditional;
    private boolean assigned;

    Parser(String text) {
      this.text = text;
    }

    ModeChange parse() {
      do {
        who = readWho();
        do {
          operation();
        } while (at < text.length() && text.charAt(at) != ',');
        at++;
      } while (at <= text.length());
      return new ModeChange(steps);
    }

    private int readWho() {
      int bits = 0;
      for (; at < text.length(); at++) {
        switch (text.charAt(at)) {
          case 'a' -> bits |= STANDARD;
          case 'u' -> bits |= 04700;
          case 'g' -> bits |= 02070;
          case 'o' -> bits |= 00007;
          default -> {
            return bits;
          }
        }
      }
      throw invalid(null);
    }

    private void operation() {
      char op = text.charAt(at++);
      if (op != '+' && op != '-' && op != '=') {
        throw invalid(null);
      }
      who &= ~STICKY;
      bits = 0;
      conditional = 0;
      assigned = false;
      while (at < text.length() && letter(op, text.charAt(at))) {
        at++;
      }
      if (bits != 0 || (op == '=' && !assigned)) {
        change(op);
      }
      if (conditional != 0) {
        steps.add(new SetWhereExecutable(limit(conditional)));
      }
    }

    /** Takes in one permission letter; false when it is none. */
    private boolean letter(char op, char letter) {
      boolean beyondOther = who == 0 || (who & ~07) != 0;
      switch (letter) {
        case 'r' -> bits |= 0444;
        case 'w' -> bits |= 0222;
        case 'x' -> bits |= EXECUTE;
        case 'X' -> {
          if (op == '-') {
            bits |= EXECUTE;
          } else {
            conditional |= EXECUTE;
          }
        }
        case 's' -> bits |= beyondOther ? SET_IDS : 0;
        case 't' -> {
          who |= beyondOther ? STICKY : 0;
          bits |= beyondOther ? STICKY : 0;
        }
        case 'u' -> copy(op, 6);
        case 'g' -> copy(op, 3);
        case 'o' -> copy(op, 0);
        default -> {
          return false;
        }
      }
      return true;
    }

    private void copy(char op, int fromShift) {
      if (bits != 0) {
        change(op);
        bits = 0;
      }
      assigned = true;
      if (conditional != 0) {
        steps.add(new SetWhereExecutable(limit(conditional)));
        conditional = 0;
      }
      steps.add(new CopyClass(fromShift, who == 0 ? ALL : who & ALL, op));
    }

    private void change(char op) {
      if (op == '=') {
        steps.add(new Clear(who == 0 ? STANDARD : who));
      }
      steps.add(op == '-' ? new Clear(limit(bits)) : new Set(limit(bits)));
    }

    private int limit(int wanted) {
      return who == 0 ? wanted : wanted & who;
    }
  }
}
