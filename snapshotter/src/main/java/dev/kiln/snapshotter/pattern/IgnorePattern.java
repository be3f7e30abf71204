package dev.kiln.snapshotter.pattern;

import java.util.ArrayList;
import java.util.List;

/** One pattern of an {@link IgnorePatterns} list. Immutable. */
public final class IgnorePattern {
  private static final String SPECIAL = "*[]?^\\";

  /** How a pattern is decided; the simple forms need no glob. */
  private enum Form {
    EXACT,
    PREFIX,
    SUFFIX,
    GLOB,
    /** Malformed behind its first star: an error once it is asked, as clients are used to. */
    BROKEN
  }

  private final String text;
  private final boolean exception;
  private final Form form;
  private final Glob glob;

  private IgnorePattern(String text, boolean exception, Form form, Glob glob) {
    this.text = text;
    this.exception = exception;
    this.form = form;
    this.glob = glob;
  }

  /** Compiles a clean, non-empty pattern with its optional {@code !}. */
  static IgnorePattern parse(String pattern) {
    boolean exception = pattern.startsWith("!");
    String text = exception ? pattern.substring(1) : pattern;
    if (text.isEmpty()) {
      throw new BadPatternException("illegal exclusion pattern: \"!\"");
    }
    GoPathMatch.checkStart(text);
    try {
      return compile(text, exception);
    } catch (BadPatternException e) {
      return new IgnorePattern(text, exception, Form.BROKEN, new Glob(List.of()));
    }
  }

  private static IgnorePattern compile(String text, boolean exception) {
    List<Glob.Token> tokens = new ArrayList<>();
    Form form = Form.EXACT;
    for (int i = 0; i < text.length(); ) {
      int rune = text.codePointAt(i);
      boolean first = i == 0;
      i += Character.charCount(rune);
      if (rune == '*' && i < text.length() && text.charAt(i) == '*') {
        i++;
        i += i < text.length() && text.charAt(i) == '/' ? 1 : 0;
        boolean end = i == text.length();
        tokens.add(end ? Glob.Rest.REST : Glob.Directories.DIRECTORIES);
        boolean prefix = end && form == Form.EXACT;
        form = first ? Form.SUFFIX : prefix ? Form.PREFIX : Form.GLOB;
        continue;
      }
      switch (rune) {
        case '*' -> tokens.add(Glob.Run.RUN);
        case '?' -> tokens.add(Glob.One.ONE);
        // Outside a class, and only in a real glob, this is an anchor.
        case '^' -> tokens.add(Glob.Start.START);
        case '[' -> {
          CharClass set = CharClass.parse(text, i, text.length());
          i = set.end();
          tokens.add(new Glob.OneOf(set));
        }
        case '\\' -> {
          int escaped = i < text.length() ? text.codePointAt(i) : rune;
          i += i < text.length() ? Character.charCount(escaped) : 0;
          tokens.add(new Glob.Literal(escaped));
        }
        default -> tokens.add(new Glob.Literal(rune));
      }
      form = "*?[]\\".indexOf(rune) >= 0 ? Form.GLOB : form;
    }
    return new IgnorePattern(text, exception, form, new Glob(tokens));
  }

  /** Whether it began with {@code !}. */
  public boolean exception() {
    return exception;
  }

  /** The clean text without the {@code !}. */
  public String text() {
    return text;
  }

  /** The text without a trailing {@code /**} or {@code /*}. */
  public String prefix() {
    String shorter = text.endsWith("/**") ? text.substring(0, text.length() - 3) : text;
    return shorter.endsWith("/*") ? shorter.substring(0, shorter.length() - 2) : shorter;
  }

  /** Whether {@link #prefix} is plain text, so that it says which directories can hold a match. */
  public boolean hasPlainPrefix() {
    return prefix().chars().noneMatch(c -> SPECIAL.indexOf(c) >= 0);
  }

  /** Whether the pattern, taken without its {@code !}, matches this very path. */
  boolean matches(String path) {
    return switch (form) {
      case EXACT -> path.equals(text);
      case PREFIX -> path.startsWith(text.substring(0, text.length() - 2));
      case SUFFIX -> {
        String suffix = text.substring(2);
        yield path.endsWith(suffix) || (suffix.startsWith("/") && path.equals(suffix.substring(1)));
      }
      case GLOB -> glob.matches(path);
      case BROKEN -> throw new BadPatternException(BadPatternException.MALFORMED);
    };
  }

  /**
   * Whether the pattern, taken without its {@code !}, matches this path or a directory above it.
   */
  boolean matchesPathOrParent(String path) {
    if (form == Form.GLOB) {
      return glob.matchesPathOrParent(path);
    }
    for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
      if (matches(path.substring(0, slash))) {
        return true;
      }
    }
    return matches(path);
  }

  @Override
  public String toString() {
    return exception ? "!" + text : text;
  }
}
