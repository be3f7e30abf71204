package dev.kiln.dockerfile.parser;

import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads parser directives line by line. The first line that is not a directive ends them. Not
 * thread-safe.
 */
public final class DirectiveParser {

  private static final Pattern FORM = Pattern.compile("^([a-zA-Z][a-zA-Z0-9]*)\\s*=\\s*(.+?)\\s*$");
  private static final Set<String> NAMES = Set.of("syntax", "escape", "check");

  private final String mark;
  private final Set<String> seen = new HashSet<>();
  private int line;
  private boolean done;

  /**
   * @param mark what a directive's line starts with, {@code #} or {@code //}
   * @param linesBefore lines of the file that are not passed to this parser
   */
  public DirectiveParser(String mark, int linesBefore) {
    this.mark = mark;
    this.line = linesBefore;
  }

  /** Reads text that stands where a directive would, its comment mark removed. */
  public static Optional<Directive> parseUnmarked(String text) {
    return new DirectiveParser("", 0).next(text);
  }

  /** True once directives have ended. */
  public boolean done() {
    return done;
  }

  /**
   * Reads the next line, without its line end.
   *
   * @throws DockerfileException if the directive appeared before
   */
  public Optional<Directive> next(String text) {
    line++;
    Optional<Matcher> form = done ? Optional.empty() : form(text);
    if (form.isEmpty()) {
      done = true;
      return Optional.empty();
    }
    String name = form.get().group(1).toLowerCase(Locale.ROOT);
    if (!seen.add(name)) {
      throw new DockerfileException(
          "only one " + name + " parser directive can be used", Location.line(line));
    }
    return Optional.of(new Directive(name, form.get().group(2), Location.line(line)));
  }

  private Optional<Matcher> form(String text) {
    if (!text.startsWith(mark)) {
      return Optional.empty();
    }
    Matcher matcher = FORM.matcher(text.substring(mark.length()).stripLeading());
    boolean known = matcher.find() && NAMES.contains(matcher.group(1).toLowerCase(Locale.ROOT));
    return known ? Optional.of(matcher) : Optional.empty();
  }
}
