package dev.kiln.dockerfile.parser;

import dev.kiln.dockerfile.text.Blank;
import java.util.ArrayList;
import java.util.List;

/**
 * Splits text at blanks outside of quotes. Quotes and escapes stay in the words, to be read when
 * they are expanded.
 */
final class QuotedWords {

  private final String text;
  private final char escapeToken;
  private int pos;

  private QuotedWords(String text, char escapeToken) {
    this.text = text;
    this.escapeToken = escapeToken;
  }

  static List<String> split(String text, char escapeToken) {
    return new QuotedWords(text, escapeToken).read();
  }

  private List<String> read() {
    List<String> words = new ArrayList<>();
    while (true) {
      while (pos < text.length() && Blank.is(text.charAt(pos))) {
        pos++;
      }
      if (pos == text.length()) {
        return words;
      }
      String word = readWord();
      if (!word.isEmpty()) {
        words.add(word);
      }
    }
  }

  private String readWord() {
    StringBuilder word = new StringBuilder();
    char quote = 0;
    for (; pos < text.length(); pos++) {
      char c = text.charAt(pos);
      if (quote == 0 && Blank.is(c)) {
        break;
      }
      if (c == escapeToken && quote != '\'') {
        if (pos + 1 < text.length()) {
          word.append(c).append(text.charAt(++pos));
        }
        continue; // An escape token with nothing behind it is dropped.
      }
      if (c == quote) {
        quote = 0;
      } else if (quote == 0 && (c == '\'' || c == '"')) {
        quote = c;
      }
      word.append(c);
    }
    return word.toString();
  }
}
