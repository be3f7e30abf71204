package dev.kiln.dockerfile.shell;

import static dev.kiln.dockerfile.text.Quoted.quoted;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads one text from start to end: quotes, escapes, uses of variables. Not thread-safe.
 *
 * <p>The rules are those of POSIX, Shell Command Language, 2.2 and 2.6, as far as Dockerfiles have
 * them.
 */
final class WordReader {

  /**
   * Uses of variables inside uses of variables; deeper ones are refused to keep the stack small.
   */
  private static final int MAX_DEPTH = 100;

  private static final String SPECIAL_PARAMETERS = "@*#?-$!0";

  private final ShellLexer lexer;
  private final String source;
  private final Cursor cursor;
  private final Environment environment;
  private final Set<String> matched = new LinkedHashSet<>();
  private final Set<String> unmatched = new LinkedHashSet<>();
  private boolean rawEscapes;
  private int depth;

  WordReader(ShellLexer lexer, String source, Environment environment) {
    this.lexer = lexer;
    this.source = source;
    this.cursor = new Cursor(source);
    this.environment = environment;
    this.rawEscapes = lexer.rawEscapes();
  }

  /** The text that was read, whole and in words. */
  record Piece(String text, List<String> words) {}

  Set<String> matched() {
    return Collections.unmodifiableSet(matched);
  }

  Set<String> unmatched() {
    return Collections.unmodifiableSet(unmatched);
  }

  Cursor cursor() {
    return cursor;
  }

  boolean keepUnset() {
    return lexer.keepUnset();
  }

  Piece read() {
    try {
      return readUntil(Cursor.END);
    } catch (ExpansionException e) {
      throw new ExpansionException(
          "failed to process " + quoted(source) + ": " + e.getMessage(), e);
    }
  }

  /** Reads up to the stop character and past it, keeping escape tokens or not. */
  String readUntil(int stop, boolean keepEscapes) {
    boolean before = rawEscapes;
    rawEscapes = keepEscapes;
    depth++;
    if (depth > MAX_DEPTH) {
      throw new ExpansionException("syntax error: substitutions are nested too deeply");
    }
    try {
      return readUntil(stop).text();
    } finally {
      depth--;
      rawEscapes = before;
    }
  }

  private Piece readUntil(int stop) {
    StringBuilder result = new StringBuilder();
    WordSplitter words = new WordSplitter();
    while (!cursor.atEnd()) {
      int c = cursor.peek();
      if (c == stop) {
        cursor.next();
        return new Piece(result.toString(), words.finish());
      }
      if (c == '$') {
        String value = readDollar();
        result.append(value);
        words.addSplitting(value);
      } else if (c == '<' || (isQuote(c) && !lexer.ignoreQuotes())) {
        String text = c == '<' ? readAngle() : c == '"' ? readDoubleQuoted() : readSingleQuoted();
        result.append(text);
        words.addWhole(text);
      } else {
        readPlain(result, words);
      }
    }
    if (stop != Cursor.END) {
      throw new ExpansionException(
          "unexpected end of statement while looking for matching " + Character.toString(stop));
    }
    return new Piece(result.toString(), words.finish());
  }

  private static boolean isQuote(int c) {
    return c == '\'' || c == '"';
  }

  private void readPlain(StringBuilder result, WordSplitter words) {
    int c = cursor.next();
    if (c != lexer.escapeToken()) {
      result.appendCodePoint(c);
      words.addSplitting(c);
      return;
    }
    if (rawEscapes) {
      result.appendCodePoint(c);
      words.addWhole(c);
    }
    if (!cursor.atEnd()) {
      int escaped = cursor.next();
      result.appendCodePoint(escaped);
      words.addWhole(escaped);
    }
  }

  private String readSingleQuoted() {
    StringBuilder text = new StringBuilder();
    appendQuote(text, cursor.next());
    while (!cursor.atEnd()) {
      int c = cursor.next();
      if (c == '\'') {
        appendQuote(text, c);
        return text.toString();
      }
      text.appendCodePoint(c);
    }
    throw new ExpansionException(
        "unexpected end of statement while looking for matching single-quote");
  }

  private String readDoubleQuoted() {
    StringBuilder text = new StringBuilder();
    appendQuote(text, cursor.next());
    while (!cursor.atEnd()) {
      int c = cursor.peek();
      if (c == '"') {
        appendQuote(text, cursor.next());
        return text.toString();
      }
      if (c == '$') {
        text.append(readDollar());
      } else if (c == lexer.escapeToken()) {
        readEscapeInDoubleQuotes(text);
      } else {
        text.appendCodePoint(cursor.next());
      }
    }
    throw new ExpansionException(
        "unexpected end of statement while looking for matching double-quote");
  }

  /** Only a quote, a dollar and the token itself can be escaped here; elsewhere the token stays. */
  private void readEscapeInDoubleQuotes(StringBuilder text) {
    int token = cursor.next();
    if (rawEscapes) {
      text.appendCodePoint(token);
    }
    int c = cursor.peek();
    if (c == '"' || c == '$' || c == token) {
      text.appendCodePoint(cursor.next());
    } else if (c != Cursor.END) {
      text.appendCodePoint(token);
    }
  }

  private void appendQuote(StringBuilder text, int quote) {
    if (lexer.rawQuotes()) {
      text.appendCodePoint(quote);
    }
  }

  /**
   * Keeps the mark of a here-document and the word behind it together, blanks between them or not.
   */
  private String readAngle() {
    cursor.next();
    if (cursor.peek() != '<') {
      return "<";
    }
    cursor.next();
    StringBuilder mark = new StringBuilder("<<");
    while (cursor.peek() == ' ' || cursor.peek() == '\t' || cursor.peek() == '\r') {
      mark.appendCodePoint(cursor.next());
    }
    return mark.toString();
  }

  private String readDollar() {
    cursor.next();
    if (cursor.peek() == '{') {
      return new Substitution(this).read();
    }
    String name = readName();
    if (name.isEmpty()) {
      return "$";
    }
    String value = lookUp(name);
    if (value == null) {
      return lexer.keepUnset() ? "$" + name : "";
    }
    return value;
  }

  /** Reads a variable's name, a number, or one character that names a special parameter. */
  String readName() {
    StringBuilder name = new StringBuilder();
    int first = cursor.peek();
    if (first != Cursor.END && Character.isDigit(first)) {
      while (!cursor.atEnd() && Character.isDigit(cursor.peek())) {
        name.appendCodePoint(cursor.next());
      }
      return name.toString();
    }
    if (SPECIAL_PARAMETERS.indexOf(first) >= 0) {
      return Character.toString(cursor.next());
    }
    while (isNamePart(cursor.peek())) {
      name.appendCodePoint(cursor.next());
    }
    return name.toString();
  }

  private static boolean isNamePart(int c) {
    return c != Cursor.END && (c == '_' || Character.isLetterOrDigit(c));
  }

  /** The variable's value, or null. Notes that it was asked for. */
  @Nullable String lookUp(String name) {
    String value = environment.get(name);
    (value == null ? unmatched : matched).add(name);
    return value;
  }
}
