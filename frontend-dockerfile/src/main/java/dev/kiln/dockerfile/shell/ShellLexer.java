package dev.kiln.dockerfile.shell;

import java.util.List;

/**
 * Expands variables and splits words.
 *
 * @param escapeToken backslash or backtick
 * @param rawQuotes keep quotes in the result
 * @param rawEscapes keep escape tokens in the result
 * @param ignoreQuotes treat quotes as ordinary characters
 * @param keepUnset leave uses of unset variables as they are
 */
public record ShellLexer(
    char escapeToken,
    boolean rawQuotes,
    boolean rawEscapes,
    boolean ignoreQuotes,
    boolean keepUnset) {

  /** A lexer that removes quotes and escapes, and replaces unset variables by nothing. */
  public ShellLexer(char escapeToken) {
    this(escapeToken, false, false, false, false);
  }

  /** The lexer for here-documents: quotes are ordinary characters. */
  public static ShellLexer forDocuments() {
    return new ShellLexer('\\', false, false, true, false);
  }

  /** The same lexer, leaving uses of unset variables as they are. */
  public ShellLexer keepingUnset() {
    return new ShellLexer(escapeToken, rawQuotes, rawEscapes, ignoreQuotes, true);
  }

  /**
   * Expands the variables; blanks stay.
   *
   * @throws ExpansionException if the word is malformed or a required variable is not set
   */
  public Expansion expand(String word, Environment environment) {
    WordReader reader = new WordReader(this, word, environment);
    String text = reader.read().text();
    return new Expansion(text, reader.matched(), reader.unmatched());
  }

  /**
   * Expands the variables, then splits at blanks outside of quotes.
   *
   * @throws ExpansionException if the text is malformed or a required variable is not set
   */
  public List<String> words(String text, Environment environment) {
    return new WordReader(this, text, environment).read().words();
  }
}
