package dev.kiln.dockerfile.parser;

import dev.kiln.dockerfile.shell.Environment;
import dev.kiln.dockerfile.shell.ExpansionException;
import dev.kiln.dockerfile.shell.ShellLexer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds the marks of here-documents, such as {@code <<EOF} and {@code 3<<-'EOF'}. */
public final class HeredocMark {

  private static final Pattern FORM = Pattern.compile("^(\\d*)<<(-?)\\s*([^<]*)$");
  private static final ShellLexer PLAIN = new ShellLexer('\\', false, false, false, true);
  private static final ShellLexer WITH_QUOTES = new ShellLexer('\\', true, false, false, true);
  private static final ShellLexer AS_WRITTEN = new ShellLexer('\\', true, true, false, true);
  private static final int MAX_DESCRIPTOR_DIGITS = 9;

  private HeredocMark() {}

  /**
   * Reads one word as a mark. The document that is returned has no content yet. A word that is not
   * a mark, or whose quotes do not match, gives nothing.
   */
  public static Optional<Heredoc> parse(String word) {
    Matcher form = FORM.matcher(word);
    if (!form.find() || form.group(3).isEmpty()) {
      return Optional.empty();
    }
    String terminator = form.group(3);
    List<String> plain = words(PLAIN, terminator);
    List<String> withQuotes = words(WITH_QUOTES, terminator);
    if (plain.size() != 1 || withQuotes.size() != 1) {
      return Optional.empty();
    }
    // A quote that the plain reading lost did quote something.
    boolean expand = quotes(plain.getFirst()) == quotes(withQuotes.getFirst());
    boolean chomp = !form.group(2).isEmpty();
    return Optional.of(new Heredoc(plain.getFirst(), descriptor(form.group(1)), expand, chomp, ""));
  }

  /** All marks of an instruction, in order. */
  static List<Heredoc> find(String line) {
    List<Heredoc> found = new ArrayList<>();
    for (String word : words(AS_WRITTEN, line)) {
      parse(word).ifPresent(found::add);
    }
    return found;
  }

  private static List<String> words(ShellLexer lexer, String text) {
    try {
      return lexer.words(text, Environment.EMPTY);
    } catch (ExpansionException notShellWords) {
      return List.of(); // The command is the shell's business; only marks matter here.
    }
  }

  private static long quotes(String word) {
    return word.chars().filter(c -> c == '\'' || c == '"').count();
  }

  private static int descriptor(String digits) {
    return digits.isEmpty() || digits.length() > MAX_DESCRIPTOR_DIGITS
        ? 0
        : Integer.parseInt(digits);
  }
}
